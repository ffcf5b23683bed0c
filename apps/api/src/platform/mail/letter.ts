import type { Locale } from '../../common/enums';

/** What a mail says. All of it is data: it is written as text, never as markup. */
export interface Letter {
  /** Given name of the receiver. */
  readonly name: string;
  readonly subject: string;
  readonly paragraphs: readonly string[];
  /** The paragraph that is a link. */
  readonly link?: string;
  /** The paragraph that is a code to type. */
  readonly code?: string;
}

/** A written mail. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  /** The same, as simple HTML. */
  readonly html: string;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

/** Puts a letter between greeting and signature, as text and as simple HTML. */
export function writeLetter(locale: Locale, letter: Letter): MailText {
  const { name, subject, paragraphs, link, code } = letter;
  const greeting = locale === 'fr' ? `Bonjour ${name},` : `Hello ${name},`;
  const all = [greeting, ...paragraphs, 'DiabCare'];
  const body = all.map((part) => {
    const written = escapeHtml(part);
    if (part === link) return `<p><a href="${written}">${written}</a></p>`;
    return part === code ? `<p><code>${written}</code></p>` : `<p>${written}</p>`;
  });
  return {
    subject,
    text: `${all.join('\n\n')}\n`,
    html: `<!DOCTYPE html>\n<html lang="${locale}"><head><meta charset="utf-8"><title>${escapeHtml(subject)}</title></head><body>\n${body.join('\n')}\n</body></html>\n`,
  };
}
