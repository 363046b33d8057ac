declare module 'svg-to-pdfkit' {
  interface Options {
    readonly width?: number;
    readonly height?: number;
    readonly preserveAspectRatio?: string;
    readonly assumePt?: boolean;
    /** The font for a text; what it returns must be registered with the document. */
    readonly fontCallback?: (family: string, bold: boolean, italic: boolean) => string;
    readonly imageCallback?: (link: string) => string;
    readonly documentCallback?: (link: string) => null;
    readonly warningCallback?: (message: string) => void;
  }
  export default function SVGtoPDF(
    document: PDFKit.PDFDocument,
    svg: string,
    x: number,
    y: number,
    options?: Options,
  ): void;
}
