/** Spares a system that fails: after too many failures no call is made for a while. The one place that names the library. */
export { default as CircuitBreaker } from 'opossum';
