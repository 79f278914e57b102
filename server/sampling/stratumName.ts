/** What a stratum is called, on pages, in files and in documents. */
import type { Round } from '../../models/rounds.js';
import type { DesignStratum, StratumPart } from '../../models/samplingDesign.js';
import { plainInLanguage, type Translate } from '../http/language.js';

/** `Trung học cơ sở · Miền núi`; of a school of several levels `Tiểu học và Trung học cơ sở`. */
export function stratumName(
  { parts }: Pick<DesignStratum, 'parts'>,
  { services }: Pick<Round, 'services'>,
  { t, lang }: { t: Translate; lang: string },
): string {
  const levelName = (code: string) => {
    const service = services.find((one) => one.code === code);
    return service ? plainInLanguage(service.name, lang) : code;
  };
  const partName = ({ by, value, name }: StratumPart) => {
    if (value === '') return t(`sampling.unknown.${by}`);
    return by === 'level' ? value.split('|').map(levelName).join(' + ') : name || value;
  };
  return parts.length === 0 ? t('sampling.everything') : parts.map(partName).join(' · ');
}
