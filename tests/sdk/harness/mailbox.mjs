// Mails and text messages are stored here and not sent.
export class Mailbox {
  #mails = [];

  take(mail) {
    this.#mails.push(describe(mail));
  }

  all() {
    return this.#mails;
  }

  // The code in the user's last mail that verifies an address.
  codeOf(userId) {
    return this.#mails.findLast((mail) => mail.type === "EMAIL_VERIFICATION" && mail.userId === userId)?.token ?? null;
  }
}

function describe(mail) {
  const { user, tenantId } = mail;
  const to = user?.email ?? mail.email ?? mail.phoneNumber;
  const common = { to, channel: mail.phoneNumber === undefined ? "email" : "sms", userId: user?.id, tenantId };
  if (mail.emailVerifyLink) return { type: "EMAIL_VERIFICATION", ...common, ...withToken(mail.emailVerifyLink) };
  if (mail.passwordResetLink) return { type: "PASSWORD_RESET", ...common, ...withToken(mail.passwordResetLink) };
  if (mail.recoverAccountLink) return { type: "RECOVER_ACCOUNT", ...common, ...withToken(mail.recoverAccountLink) };
  const { type, urlWithLinkCode: link, userInputCode: code, preAuthSessionId, codeLifetime, isFirstFactor } = mail;
  const linkCode = link && new URL(link).hash.slice(1);
  return { type, ...common, link, code, linkCode, preAuthSessionId, codeLifetime, isFirstFactor };
}

const withToken = (link) => ({ link, token: new URL(link).searchParams.get("token") });
