import { existsSync } from 'node:fs';

const folder = '/usr/lib/chromium';
const driver = `${folder}/vk_swiftshader_icd.json`;

/**
 * Lets the webgpu device be tested where there is no graphics card: Debian's chromium package brings SwiftShader, a Vulkan driver in
 * software, and a Vulkan loader. Set before the test processes start, because the dynamic loader reads its path only then.
 */
export default function setup(): void {
  if (process.env['VK_DRIVER_FILES'] !== undefined || existsSync('/usr/share/vulkan/icd.d') || !existsSync(driver))
    return;
  process.env['VK_DRIVER_FILES'] = driver;
  // The same for loaders older than 1.3.234.
  process.env['VK_ICD_FILENAMES'] = driver;
  process.env['LD_LIBRARY_PATH'] = [process.env['LD_LIBRARY_PATH'], folder].filter(Boolean).join(':');
}
