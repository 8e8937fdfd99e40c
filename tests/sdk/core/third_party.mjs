// Users who sign in with an account elsewhere.
export const thirdPartyRoutes = ({ users, mails }) => ({
  "POST /recipe/signinup": ({ b, tenantId }) => {
    const thirdParty = { id: b.thirdPartyId, userId: b.thirdPartyUserId };
    const { id: email, isVerified } = b.email;
    const known = users.find({ recipeId: "thirdparty", tenantId, thirdParty });
    const user = known ?? users.add({ recipeId: "thirdparty", tenantId, email, thirdParty });
    // The address may have changed there.
    user.email = email.trim().toLowerCase();
    if (isVerified) mails.markVerified({ userId: user.id, email: user.email });
    return { status: "OK", createdNewUser: !known, user: users.describe(user), recipeUserId: user.id };
  },
});
