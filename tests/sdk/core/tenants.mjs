// Tenants, each with its first factors and its third-party providers.
export class Tenants {
  #byId = new Map([["public", newTenant("public")]]);

  has(tenantId) {
    return this.#byId.has(tenantId);
  }

  get(tenantId) {
    return this.#byId.get(tenantId);
  }

  ids() {
    return [...this.#byId.keys()];
  }

  put({ tenantId, firstFactors, requiredSecondaryFactors, coreConfig }) {
    const createdNew = !this.has(tenantId);
    const tenant = this.get(tenantId) ?? newTenant(tenantId);
    this.#byId.set(tenantId, tenant);
    // null removes a setting; the SDK expects that it is absent then.
    if (firstFactors !== undefined) tenant.firstFactors = firstFactors ?? undefined;
    if (requiredSecondaryFactors !== undefined) tenant.requiredSecondaryFactors = requiredSecondaryFactors ?? undefined;
    Object.assign(tenant.coreConfig, coreConfig);
    return createdNew;
  }

  putProvider(tenantId, config) {
    const { providers } = this.get(tenantId).thirdParty;
    const at = providers.findIndex(({ thirdPartyId }) => thirdPartyId === config.thirdPartyId);
    if (at === -1) providers.push(config);
    else providers[at] = config;
    return at === -1;
  }
}

const newTenant = (tenantId) => ({ tenantId, thirdParty: { providers: [] }, coreConfig: {} });

export const tenantRoutes = ({ tenants }) => ({
  "GET /recipe/multitenancy/tenant/v2": ({ tenantId }) => ({ status: "OK", ...tenants.get(tenantId) }),
  "GET /recipe/multitenancy/tenant/list/v2": () => ({ status: "OK", tenants: tenants.ids().map((id) => tenants.get(id)) }),
  "PUT /recipe/multitenancy/tenant/v2": ({ b }) => ({ status: "OK", createdNew: tenants.put(b) }),
  "PUT /recipe/multitenancy/config/thirdparty": ({ b, tenantId }) => {
    return { status: "OK", createdNew: tenants.putProvider(tenantId, b.config) };
  },
});
