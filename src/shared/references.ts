import type { Result } from './result';

/** Something to cite. */
export interface Reference {
  readonly key: string;
  readonly bibtex: string;
}

function reference(
  kind: 'article' | 'inproceedings',
  key: string,
  fields: Readonly<Record<string, string>>,
): Reference {
  const lines = Object.entries(fields).map(([name, value]) => `  ${name} = {${value}}`);
  return { key, bibtex: `@${kind}{${key},\n${lines.join(',\n')}\n}` };
}

const neal2001 = reference('article', 'neal2001annealed', {
  title: 'Annealed importance sampling',
  author: 'Neal, Radford M.',
  journal: 'Statistics and Computing',
  volume: '11',
  number: '2',
  pages: '125--139',
  year: '2001',
});
const burda2016 = reference('inproceedings', 'burda2016importance', {
  title: 'Importance Weighted Autoencoders',
  author: 'Burda, Yuri and Grosse, Roger and Salakhutdinov, Ruslan',
  booktitle: 'International Conference on Learning Representations',
  year: '2016',
});
const grosse2015 = reference('article', 'grosse2015sandwiching', {
  title: 'Sandwiching the marginal likelihood using bidirectional {Monte Carlo}',
  author: 'Grosse, Roger B. and Ghahramani, Zoubin and Adams, Ryan P.',
  journal: 'arXiv preprint arXiv:1511.02543',
  year: '2015',
});
const brekelmans2022 = reference('inproceedings', 'brekelmans2022improving', {
  title: 'Improving Mutual Information Estimation with Annealed and Energy-Based Bounds',
  author:
    'Brekelmans, Rob and Huang, Sicong and Ghassemi, Marzyeh and Ver Steeg, Greg and Grosse, Roger and Makhzani, Alireza',
  booktitle: 'International Conference on Learning Representations',
  year: '2022',
});
const sobolev2019 = reference('inproceedings', 'sobolev2019importance', {
  title: 'Importance Weighted Hierarchical Variational Inference',
  author: 'Sobolev, Artem and Vetrov, Dmitry',
  booktitle: 'Advances in Neural Information Processing Systems',
  volume: '32',
  year: '2019',
});
const poole2019 = reference('inproceedings', 'poole2019variational', {
  title: 'On Variational Bounds of Mutual Information',
  author: 'Poole, Ben and Ozair, Sherjil and van den Oord, Aaron and Alemi, Alexander A. and Tucker, George',
  booktitle: 'International Conference on Machine Learning',
  pages: '5171--5180',
  year: '2019',
});
const oord2018 = reference('article', 'oord2018representation', {
  title: 'Representation Learning with Contrastive Predictive Coding',
  author: 'van den Oord, Aaron and Li, Yazhe and Vinyals, Oriol',
  journal: 'arXiv preprint arXiv:1807.03748',
  year: '2018',
});
const barber2003 = reference('inproceedings', 'barber2003im', {
  title: 'The {IM} Algorithm: A Variational Approach to Information Maximization',
  author: 'Barber, David and Agakov, Felix',
  booktitle: 'Advances in Neural Information Processing Systems',
  volume: '16',
  year: '2003',
});
const wu2017 = reference('inproceedings', 'wu2017quantitative', {
  title: 'On the Quantitative Analysis of Decoder-Based Generative Models',
  author: 'Wu, Yuhuai and Burda, Yuri and Salakhutdinov, Ruslan and Grosse, Roger',
  booktitle: 'International Conference on Learning Representations',
  year: '2017',
});
const belghazi2018 = reference('inproceedings', 'belghazi2018mutual', {
  title: 'Mutual Information Neural Estimation',
  author:
    'Belghazi, Mohamed Ishmael and Baratin, Aristide and Rajeshwar, Sai and Ozair, Sherjil and Bengio, Yoshua and Courville, Aaron and Hjelm, Devon',
  booktitle: 'International Conference on Machine Learning',
  pages: '531--540',
  year: '2018',
});
const nguyen2010 = reference('article', 'nguyen2010estimating', {
  title: 'Estimating Divergence Functionals and the Likelihood Ratio by Convex Risk Minimization',
  author: 'Nguyen, XuanLong and Wainwright, Martin J. and Jordan, Michael I.',
  journal: 'IEEE Transactions on Information Theory',
  volume: '56',
  number: '11',
  pages: '5847--5861',
  year: '2010',
});

const zhang2021 = reference('inproceedings', 'zhang2021differentiable', {
  title: 'Differentiable Annealed Importance Sampling and the Perils of Gradient Noise',
  author: 'Zhang, Guodong and Hsu, Kyle and Li, Jianing and Finn, Chelsea and Grosse, Roger',
  booktitle: 'Advances in Neural Information Processing Systems',
  volume: '34',
  year: '2021',
});
const zenn2024 = reference('inproceedings', 'zenn2024differentiable', {
  title:
    'Differentiable Annealed Importance Sampling Minimizes The {Jensen--Shannon} Divergence Between Initial and Target Distribution',
  author: 'Zenn, Johannes and Bamler, Robert',
  booktitle: 'International Conference on Machine Learning',
  series: 'Proceedings of Machine Learning Research',
  volume: '235',
  pages: '58448--58469',
  year: '2024',
  note: 'Later versions, arXiv:2405.14840, call the divergence what it is: the symmetrized {Kullback--Leibler} divergence',
});
const domke2018 = reference('inproceedings', 'domke2018importance', {
  title: 'Importance Weighting and Variational Inference',
  author: 'Domke, Justin and Sheldon, Daniel R.',
  booktitle: 'Advances in Neural Information Processing Systems',
  volume: '31',
  year: '2018',
});
const naesseth2020 = reference('inproceedings', 'naesseth2020markovian', {
  title: 'Markovian Score Climbing: Variational Inference with {KL}(p||q)',
  author: 'Naesseth, Christian A. and Lindsten, Fredrik and Blei, David',
  booktitle: 'Advances in Neural Information Processing Systems',
  volume: '33',
  year: '2020',
});
const kucukelbir2017 = reference('article', 'kucukelbir2017automatic', {
  title: 'Automatic Differentiation Variational Inference',
  author: 'Kucukelbir, Alp and Tran, Dustin and Ranganath, Rajesh and Gelman, Andrew and Blei, David M.',
  journal: 'Journal of Machine Learning Research',
  volume: '18',
  number: '14',
  pages: '1--45',
  year: '2017',
});
const kingma2014 = reference('inproceedings', 'kingma2014auto', {
  title: 'Auto-Encoding Variational {Bayes}',
  author: 'Kingma, Diederik P. and Welling, Max',
  booktitle: 'International Conference on Learning Representations',
  year: '2014',
});
const doucet2022 = reference('inproceedings', 'doucet2022score', {
  title: 'Score-Based Diffusion meets Annealed Importance Sampling',
  author: 'Doucet, Arnaud and Grathwohl, Will and Matthews, Alexander G. D. G. and Strathmann, Heiko',
  booktitle: 'Advances in Neural Information Processing Systems',
  volume: '35',
  year: '2022',
});
const thin2021 = reference('inproceedings', 'thin2021monte', {
  title: 'Monte {Carlo} Variational Auto-Encoders',
  author:
    'Thin, Achille and Kotelevskii, Nikita and Doucet, Arnaud and Durmus, Alain and Moulines, Eric and Panov, Maxim',
  booktitle: 'International Conference on Machine Learning',
  year: '2021',
});
const geffner2021 = reference('inproceedings', 'geffner2021mcmc', {
  title: '{MCMC} Variational Inference via Uncorrected {Hamiltonian} Annealing',
  author: 'Geffner, Tomas and Domke, Justin',
  booktitle: 'Advances in Neural Information Processing Systems',
  volume: '34',
  year: '2021',
});

const wu2025 = reference('inproceedings', 'wu2025annealing', {
  title: 'Annealing Flow Generative Models Towards Sampling High-Dimensional and Multi-Modal Distributions',
  author: 'Wu, Dongze and Xie, Yao',
  booktitle: 'International Conference on Machine Learning',
  year: '2025',
});

/** What introduced each estimator, and each of its two sides where they come from different papers. */
const referencesOf: Readonly<Record<string, readonly Reference[]>> = {
  ba: [barber2003],
  iwae: [burda2016, sobolev2019],
  's-infonce': [brekelmans2022, poole2019, oord2018],
  infonce: [oord2018, poole2019],
  giwae: [brekelmans2022],
  riwae: [brekelmans2022],
  ais: [neal2001],
  'im-ais': [neal2001, brekelmans2022],
  'ir-ais': [neal2001, brekelmans2022],
  'cr-ais': [neal2001, brekelmans2022],
  bdmc: [neal2001, grosse2015, wu2017],
  ibal: [barber2003, brekelmans2022],
  'mine-dv': [belghazi2018],
  'mine-f': [nguyen2010, belghazi2018],
  'gmine-dv': [belghazi2018, brekelmans2022],
  'gmine-f': [nguyen2010, belghazi2018, brekelmans2022],
  dais: [neal2001, zhang2021],
  dais0: [zenn2024],
  vi: [kucukelbir2017],
  iwvi: [burda2016, domke2018],
  msc: [naesseth2020],
  elbo: [kingma2014],
  ula: [neal2001, doucet2022],
  uha: [thin2021, geffner2021],
  'ula-mcd': [doucet2022],
  'uha-mcd': [doucet2022],
  'annealing-flow': [wu2025],
  'annealing-flow-smc': [wu2025],
  'importance-flow': [wu2025],
};

/** What to cite for the estimators of some runs, each once, by key. */
export function referencesFor(results: readonly Pick<Result, 'bounds'>[]): Reference[] {
  const used = results.flatMap(({ bounds }) => bounds.flatMap(({ estimator }) => referencesOf[estimator] ?? []));
  return [...new Set(used)].sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** A bibliography for BibTeX. */
export function bibliography(results: readonly Pick<Result, 'bounds'>[]): string {
  return referencesFor(results)
    .map(({ bibtex }) => `${bibtex}\n`)
    .join('\n');
}
