/** Registered datasets: conditions kept under a name, in the memory of one stand-in (manual 3.0, データセット登録). */
import type { Conditions } from './conditions.ts'
import type { Parameters } from './parameters.ts'
import type { Element } from './tree.ts'

export interface Dataset {
  readonly id: string
  readonly name: string | null
  /** statsDataId. */
  readonly tableId: string
  readonly conditions: Conditions
  /** NARROWING_COND as it was sent, or null without conditions. */
  readonly narrowing: Element | null
  /** Application ID that registered it. */
  readonly owner: string
  readonly isPublic: boolean
}

/** By dataset id, in order of registration. */
export type Datasets = Map<string, Dataset>

/** Everyone uses public ones, their owner the others. */
export const isUsable = ({ isPublic, owner }: Dataset, sent: Parameters): boolean =>
  isPublic || owner === (sent.get('appId') ?? '')

/** The dataset that `dataSetId` names, where it is there for whoever asks. */
export function namedDataset(datasets: Datasets, sent: Parameters): Dataset | null {
  const dataset = datasets.get(sent.get('dataSetId') ?? '')
  return dataset !== undefined && isUsable(dataset, sent) ? dataset : null
}
