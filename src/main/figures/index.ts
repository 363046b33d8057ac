import { InputError } from '../../shared/errors';

export interface FigureRequest {
  readonly svg: string;
  readonly format: 'svg' | 'pdf' | 'png';
  readonly width: number;
  readonly title: string;
}

export async function drawFigure({ format }: FigureRequest): Promise<Uint8Array> {
  throw new InputError('figure', `${format} is not drawn yet`, 'Wait.');
}
