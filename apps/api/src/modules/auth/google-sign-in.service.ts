import { Injectable } from '@nestjs/common';
import { AuditTrail, Sessions } from '../../access';
import { AppError } from '../../common/errors';
import { searchTextOf } from '../../common/text';
import { Clock } from '../../common/time';
import { currentContext } from '../../platform/context/request-context';
import { isDuplicateKey, type Tx, UnitOfWork } from '../../platform/database';
import { GoogleIdentity, type GooglePerson } from '../../platform/google';
import { type AccountRecord, AccountsRepository, type NewAccount } from '../users';
import { AuthService } from './auth.service';
import type { AuthResponse, GoogleBody } from './dto/auth.dto';

/** Signing in with Google (contract 10 section 4). */
@Injectable()
export class GoogleSignIn {
  constructor(
    private readonly google: GoogleIdentity,
    private readonly accounts: AccountsRepository,
    private readonly auth: AuthService,
    private readonly sessions: Sessions,
    private readonly audit: AuditTrail,
    private readonly work: UnitOfWork,
    private readonly clock: Clock,
  ) {}

  /** @throws AppError GOOGLE_NOT_CONFIGURED, GOOGLE_TOKEN_INVALID, ACCOUNT_INACTIVE, UNAVAILABLE */
  async signIn(body: GoogleBody): Promise<AuthResponse> {
    const person = await this.google.verify(body.idToken);
    return this.auth.open(await this.accountOf(person), 'google');
  }

  private async accountOf(person: GooglePerson): Promise<AccountRecord> {
    try {
      return await this.findOrMake(person);
    } catch (error) {
      // Two first sign-ins at once: the other one has made the account.
      const raced = ['users_email', 'users_google'].some((index) => isDuplicateKey(error, index));
      if (!raced && !(error instanceof AppError && error.code === 'EMAIL_TAKEN')) throw error;
      return this.findOrMake(person);
    }
  }

  private async findOrMake(person: GooglePerson): Promise<AccountRecord> {
    const known =
      (await this.accounts.findByGoogleSubject(person.subject)) ?? (await this.accounts.findByEmail(person.email));
    if (known === null) return this.work.run((tx) => this.make(tx, person));
    if (known.statutCompte !== 'ACTIF') throw new AppError('ACCOUNT_INACTIVE');
    const bySubject = known.googleSubject === person.subject;
    return bySubject && known.emailVerifiedAt !== undefined ? known : this.adopt(known._id.toHexString(), person);
  }

  /**
   * Ties Google's account to the one of its address. Whoever registered that address without proving it loses the
   * password and the sessions: an account opened on somebody else's address leaves no key with its opener.
   */
  private async adopt(id: string, person: GooglePerson): Promise<AccountRecord> {
    return this.work.run(
      async (tx) => {
        const now = this.clock.now();
        const account = await this.accounts.findById(id, tx);
        if (account?.statutCompte !== 'ACTIF') throw new AppError('ACCOUNT_INACTIVE');
        const ownsAddress = account.email === person.email;
        const unproven = ownsAddress && account.emailVerifiedAt === undefined;
        const change = {
          ...(account.googleSubject === person.subject ? {} : { googleSubject: person.subject }),
          ...(unproven ? { emailVerifiedAt: now, motDePasse: null } : {}),
        };
        if (Object.keys(change).length === 0) return account;
        if (unproven) await this.sessions.endAll(tx, id, 'identity_proven');
        const updated = await this.accounts.update(id, account.__v, change, now, tx);
        if (updated === null) throw new AppError('CONCURRENT_UPDATE');
        const actor = { id, role: account.role };
        await this.audit.record(
          { action: 'user.updated', actor, resource: 'user', resourceId: id, changes: Object.keys(change) },
          tx,
        );
        return updated;
      },
      { lanes: [`account:${id}`] },
    );
  }

  private async make(tx: Tx, person: GooglePerson): Promise<AccountRecord> {
    const now = this.clock.now();
    const local = person.email.slice(0, person.email.indexOf('@'));
    const [prenom, nom] = [person.givenName ?? local, person.familyName ?? local];
    const account = {
      role: 'PATIENT',
      nom,
      prenom,
      email: person.email,
      googleSubject: person.subject,
      emailVerifiedAt: now,
      statutCompte: 'ACTIF',
      timeZone: 'UTC',
      locale: currentContext()?.locale ?? 'en',
      searchText: searchTextOf({ nom, prenom, email: person.email }),
      profilMedical: {},
    } as NewAccount;
    const stored = await this.accounts.insert(tx, account, now);
    const id = stored._id.toHexString();
    await this.audit.record(
      { action: 'user.created', actor: { id, role: 'PATIENT' }, resource: 'user', resourceId: id },
      tx,
    );
    return stored;
  }
}
