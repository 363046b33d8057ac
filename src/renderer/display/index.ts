export { default as Bracket } from './Bracket.vue';
export { default as Duration } from './Duration.vue';
export { default as EstimatorName } from './EstimatorName.vue';
export { default as Interval } from './Interval.vue';
export { default as Nats } from './Nats.vue';
export { default as Status } from './Status.vue';
export { default as When } from './When.vue';
export { place, sharedScale, type Bracketed, type Scale } from './scale';
