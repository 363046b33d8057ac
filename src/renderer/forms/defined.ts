export { defined } from '../../shared/defined';
