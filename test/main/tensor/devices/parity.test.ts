import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listDevices, openDevice } from '../../../../src/main/tensor/devices';
import { reference } from '../../../../src/main/tensor/devices/reference';
import { parityPrograms } from './programs';

const devices = await listDevices();

// Other tests compute with one thread.
for (const { name, available, detail, threads } of [
  ...devices.map((device) => ({ ...device, threads: '1' })),
  { name: 'cpu' as const, available: true, detail: 'as many threads as it takes by itself', threads: '' },
]) {
  describe.skipIf(!available)(`device ${name} (${detail})`, () => {
    beforeAll(() => void vi.stubEnv('BRACKET_THREADS', threads));
    afterAll(() => void vi.unstubAllEnvs());

    it.each(parityPrograms)('computes $name as the reference does', async ({ fn, options, feeds }) => {
      const expected = await reference.compile(fn, options);
      const device = await openDevice(name);
      expect(device.name).toBe(name);
      const program = await device.compile(fn, options);
      expect(program.outputs).toEqual(expected.outputs);
      expect(program.gradients).toEqual(expected.gradients);
      const wanted = await expected.run(feeds);
      const given = await program.run(feeds);
      expect(Object.keys(given)).toEqual(Object.keys(wanted));
      for (const [output, values] of Object.entries(wanted)) {
        const got = given[output] ?? values.slice(0, 0);
        expect(got.constructor.name, output).toBe(values.constructor.name);
        expect(got.length).toBe(values.length);
        values.forEach((value, index) => expect(got[index], `${output}[${index}]`).toBeCloseTo(value, 4));
      }
      await program.dispose();
      await program.dispose();
    });

    it('lets two buffers change places as input and output', async () => {
      const device = await openDevice(name);
      const [program] = parityPrograms.slice(1);
      if (program === undefined) throw new Error('There is no such program.');
      const { z, ...others } = program.feeds;
      const compiled = await device.compile(program.fn, program.options);
      let [from, into] = [Float32Array.from(z ?? []), new Float32Array(z?.length ?? 0)];
      for (let turn = 0; turn < 4; turn += 1) {
        const fresh = await compiled.run({ ...others, z: from.slice() });
        const { z: written } = await compiled.run({ ...others, z: from }, { z: into });
        expect(written).toBe(into);
        expect([...into]).toEqual([...(fresh['z'] ?? [])]);
        [from, into] = [into, from];
      }
      await compiled.dispose();
    });
  });
}

it('lists every device in one line each', () => {
  for (const { detail } of devices) expect(detail).toMatch(/^[^\n]{10,400}$/);
  expect(devices.find(({ name }) => name === 'cpu')?.detail).toMatch(/^ONNX Runtime \d+\.\d+\.\d+, \d+ threads?$/);
});
