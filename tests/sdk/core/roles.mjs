// Roles, their permissions, and the users who have them.
export class Roles {
  #permissions = new Map();
  #ofUser = new Map();

  put(role, permissions) {
    const createdNewRole = !this.#permissions.has(role);
    const known = this.#permissions.get(role) ?? [];
    this.#permissions.set(role, [...new Set([...known, ...permissions])]);
    return { status: "OK", createdNewRole };
  }

  names() {
    return { status: "OK", roles: [...this.#permissions.keys()] };
  }

  permissionsOf(role) {
    const permissions = this.#permissions.get(role);
    return permissions ? { status: "OK", permissions } : { status: "UNKNOWN_ROLE_ERROR" };
  }

  give(userId, role) {
    if (!this.#permissions.has(role)) return { status: "UNKNOWN_ROLE_ERROR" };
    const roles = this.#ofUser.get(userId) ?? new Set();
    const didUserAlreadyHaveRole = roles.has(role);
    this.#ofUser.set(userId, roles.add(role));
    return { status: "OK", didUserAlreadyHaveRole };
  }

  take(userId, role) {
    if (!this.#permissions.has(role)) return { status: "UNKNOWN_ROLE_ERROR" };
    return { status: "OK", didUserHaveRole: this.#ofUser.get(userId)?.delete(role) ?? false };
  }

  of(userId) {
    return { status: "OK", roles: [...(this.#ofUser.get(userId) ?? [])] };
  }

  usersWith(role) {
    if (!this.#permissions.has(role)) return { status: "UNKNOWN_ROLE_ERROR" };
    const users = [...this.#ofUser].filter(([, roles]) => roles.has(role)).map(([userId]) => userId);
    return { status: "OK", users };
  }
}
