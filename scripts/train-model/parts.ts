export { part, type Part } from '../../src/main/trainers/vae/part';
