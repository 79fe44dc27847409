/** Figures of our own that `fetch_dataset_filtered` works out. */
export const DERIVE_KINDS = ['change', 'change_pct', 'yoy', 'share', 'rank'] as const
