--- The closed list of reasons: every word that a refusal can carry, here or in the C core.
-- The word is in a log line, a metric label, the SASL text, the MUC error and doc/reasons.md.

---@class Reason
---@field word string     kebab-case
---@field meaning string  what was found
---@field cause string    what usually leads to it, and what to look at
---@field causes table<string, string>?  the same for one dialect, where the dialects differ
---@field sentence string for whoever is refused: it stands before the word on the screen
---@field child string?   the element in http://jitsi.org/jitmeet by which Jitsi's client knows what to offer: that of a MUC
--   refusal. authentication-required: a login; room-does-not-exist: it tries again; the others only tell

---@type Reason[]
local list = {
	-- the token's form
	{ word = "token-required", meaning = "no token came with the connection",
		cause = "the link has no token, or a proxy dropped the query string: write jwt=, and the token behind it",
		child = "authentication-required",
		sentence = "This meeting needs a link with a token" };
	{ word = "conflicting-tokens", meaning = "one request brought two different tokens",
		cause = "an old link parameter beside a new one, or beside the Authorization header: send one of them",
		sentence = "This link has two different tokens" };
	{ word = "too-large", meaning = "the token is longer than the cap",
		cause = "meetauth_max_token; large avatars or context objects",
		sentence = "This link is too long" };
	{ word = "malformed", meaning = "not three parts of unpadded base64url",
		cause = "cut off or re-encoded on the way; padding; one letter changed at the end",
		sentence = "This link is damaged" };
	{ word = "unsupported", meaning = "an encrypted token (five parts), a nested one, or b64 = false",
		cause = "the issuer makes JWE; ask it for signed tokens",
		sentence = "This link has a token of a kind that is not read here" };
	{ word = "bad-json", meaning = "header or payload is no strict JSON object",
		cause = "raw control characters, bad UTF-8, NaN, text after the object",
		sentence = "This link is damaged" };
	{ word = "duplicate-member", meaning = "a member name comes twice in one object",
		cause = "a hand-made or tampered token",
		sentence = "This link is damaged" };
	{ word = "bad-header", meaning = "a header parameter has the wrong type or size",
		cause = "alg, kid, typ and cty are strings; kid has at most 256 bytes",
		sentence = "This link is damaged" };
	{ word = "critical-extension", meaning = "the header demands an extension by crit",
		cause = "RFC 7515 4.1.11: what is not understood is refused",
		sentence = "This link has a token of a kind that is not read here" };
	{ word = "type-mismatch", meaning = "typ is none of the accepted ones",
		cause = "an access token (at+jwt) or another kind of JWT; the entry's typ list",
		sentence = "This link has a token of another kind" };
	-- whose token it is
	{ word = "unknown-issuer", meaning = "iss or d names no configured issuer entry",
		cause = "iss differs by a letter or a slash; d is another domain's",
		sentence = "This link is from somebody whom this server does not know" };
	{ word = "ambiguous-claims", meaning = "the token speaks both dialects",
		cause = "d or r beside iss, aud, sub, room or context",
		sentence = "This link has a token of two kinds at once" };
	{ word = "algorithm-mismatch", meaning = "alg is none of those the entry's keys are bound to",
		cause = "the issuer signs with another algorithm than the entry names",
		sentence = "This link is not signed as this server expects" };
	{ word = "unknown-key", meaning = "no key with this kid",
		cause = "the issuer changed its keys; the configured kid differs",
		sentence = "This link is signed with a key that this server does not know" };
	{ word = "keys-unavailable", meaning = "the key's source could not be asked in time",
		cause = "the key server does not answer, or answers something else: prosodyctl shell meetauth keys and the log say what",
		sentence = "This server cannot check the link now. Try again in a minute" };
	{ word = "signature-mismatch", meaning = "the signature is not by the entry's key",
		cause = "another secret, a trailing newline in the secret, a tampered token",
		sentence = "This link is not signed by those who may invite" };
	-- what it says
	{ word = "expired", meaning = "exp has passed", cause = "an old link; clocks that differ by more than the leeway",
		child = "authentication-required",
		sentence = "This link has expired" };
	{ word = "not-yet-valid", meaning = "nbf is still to come", cause = "the issuer's clock runs ahead",
		child = "authentication-required",
		sentence = "This link is not valid yet" };
	{ word = "too-old", meaning = "iat is longer ago than max_age, or in the future", cause = "an old token without exp",
		sentence = "This link is too old" };
	{ word = "issuer-mismatch", meaning = "iss is not the asked one", cause = "case, a trailing slash, another realm",
		sentence = "This link is from somebody whom this server does not know" };
	{ word = "audience-mismatch", meaning = "aud names none of the accepted audiences",
		cause = "a token for another service; the entry's audience list",
		sentence = "This link is for another service" };
	{ word = "claim-mismatch", meaning = "a claim says another thing than the entry's claims ask for",
		cause = "a token for another application: client_id, azp",
		sentence = "This link is for another service" };
	{ word = "not-admitted", meaning = "the claim that says who may come in does not say it",
		cause = "the entry's admit; a user who lacks the group or role, or a provider that does not put it into the token",
		sentence = "You are not among those who may come in" };
	{ word = "missing-claim", meaning = "a claim that must be there is not",
		cause = "no room (or r), no sub, no exp or another claim that the entry asks for",
		sentence = "This link does not say all that it has to say" };
	{ word = "bad-claim", meaning = "a claim has the wrong type or an impossible value",
		cause = "a time or a flag as a string; context that is no object; a room's name that is none",
		causes = {
			jitsi = "exp as a string; context, context.user or context.features that is no object; a pattern in room that is none",
			daily = "exp or o as a string; * or a pattern in r; a word of p or er that is none",
		},
		sentence = "This link says something that is not possible" };
	{ word = "check-failed", meaning = "the verifier's own check said no", cause = "the script's check function",
		sentence = "This link is refused by a rule of this server" };
	{ word = "not-enforceable", meaning = "the token asks for what this server cannot keep",
		cause = "p.hp = false without hidden = \"visible\"; receive rules under strict = true; k, context.user.lobby or "
			.. "context.room.lobby where no lobby is made", child = "server-missing-config",
		sentence = "This link asks for something that this server cannot do" };
	{ word = "observed-only", meaning = "the token is good, but its entry admits nobody",
		cause = "the entry has mode = \"observe\": take that out to let people in",
		sentence = "This link is tested only: it lets nobody in yet" };
	-- where it leads
	{ word = "room-mismatch", meaning = "the token is for another room, tenant or domain",
		cause = "room differs; sub is not the server's own domain or the room's tenant; the entry's rooms", child = "room-mismatch",
		sentence = "This link is for another room" };
	{ word = "room-not-open", meaning = "the room is not there yet, and the bearer may not open one",
		cause = "restrict_room_creation on the MUC component: its focus opens the room, or an admin: name both in admins there",
		sentence = "This meeting has not started yet", child = "room-does-not-exist" };
	{ word = "unknown-room", meaning = "nobody has made the room, and the entry opens only rooms that were made",
		cause = "rooms_required; POST /v1/rooms was not called, or the room was deleted; it was made on another server a moment ago",
		child = "room-does-not-exist",
		sentence = "There is no such meeting" };
	{ word = "room-full", meaning = "as many people are in the room as its back end or its owner's token lets in",
		cause = "max_participants of POST /v1/rooms; context.room.max_occupants of the room's owner",
		sentence = "This meeting is full" };
	{ word = "invalid-room-address", meaning = "the room's address has no name",
		cause = "a client's mistake", child = "invalid-room-address",
		sentence = "This room has no name" };
	{ word = "foreign-session", meaning = "the token was accepted by another host of this server",
		cause = "a host that may enter is named in meetauth_foreign_hosts", child = "room-mismatch",
		sentence = "This link is for another part of this server" };
	{ word = "banned", meaning = "a ban check of another module said no, or the user id is banned from the room",
		cause = "an outcast affiliation; the other module's rules",
		sentence = "You are banned from this meeting" };
	{ word = "kicked", meaning = "a moderator put the user out of the room, and the entry's kick_bans still counts",
		cause = "prosodyctl shell meetauth kicked lists whom, and for how long; readmit lifts it",
		sentence = "A moderator has removed you from this meeting" };
	{ word = "refused-by-module", meaning = "another module refused the login", cause = "its own rules; its text is shown",
		sentence = "This server has refused you" };
	{ word = "other-device", meaning = "the user is in the room on another device, and the entry's unique_users lets one in",
		cause = "a second tab or device, or a link passed on; a connection that dropped, until the server has noticed; in a room "
			.. "that was made by REST also enforce_unique_user_ids",
		sentence = "You are in this meeting on another device" };
	{ word = "time-limit", meaning = "the time in the room that the token gives is over",
		cause = "eje; the entry's eject_after; context.room.duration of the room's owner",
		sentence = "Your time in this meeting is over" };
	-- what the operator has taken back, and what was used up
	{ word = "revoked", meaning = "the operator has revoked the token, its user, its subject or its issuer entry",
		cause = "prosodyctl shell meetauth revoked lists what is revoked, and unrevoke takes one back",
		sentence = "This link was taken back" };
	{ word = "already-used", meaning = "the token is for single use and has logged in before",
		cause = "a link opened twice or passed on; a page loaded again without a new token: sign one for each login",
		sentence = "This link can be used once, and was used before" };
	-- the server
	{ word = "storage-unavailable", meaning = "Prosody's storage, which knows what is revoked and used up, does not answer",
		cause = "the database is down; the error line in the log; meetauth_storage_down",
		sentence = "This server cannot check the link now. Try again in a minute" };
	{ word = "enforcement-missing", meaning = "the host's MUC component does not load muc_meetauth",
		cause = "add it to modules_enabled of the component, or set meetauth_enforcement = \"elsewhere\"",
		sentence = "This server is not set up completely. Please tell its operator" };
	{ word = "server-misconfigured", meaning = "the MUC half has no usable configuration",
		cause = "the error line in the log names the option", child = "server-missing-config",
		sentence = "This server is not set up completely. Please tell its operator" };
	-- keys, when they are loaded or used
	{ word = "unknown-algorithm", meaning = "no such algorithm", cause = "a spelling; \"none\" does not exist" };
	{ word = "bad-key", meaning = "no key in any known form",
		cause = "cut off; another format; a JWK's number with padding, or with zeros in front" };
	{ word = "encrypted-key", meaning = "the key is protected by a pass phrase", cause = "decrypt it first: nobody is asked" };
	{ word = "not-public", meaning = "a private key where a public one is due", cause = "keep it with the issuer" };
	{ word = "not-private", meaning = "no private key where one is needed to sign", cause = "public key or certificate given" };
	{ word = "not-secret", meaning = "a public key, PEM, SSH key or JWK in a secret's place",
		cause = "the key belongs under public_key, with its algorithm" };
	{ word = "key-type-mismatch", meaning = "the key's type is not the algorithm's", cause = "an EC key under RS256" };
	{ word = "curve-mismatch", meaning = "the key's curve is not the algorithm's", cause = "P-384 under ES256" };
	{ word = "not-on-curve", meaning = "the public point is not on its curve, or of small order",
		cause = "a damaged or hostile key" };
	{ word = "weak-key", meaning = "RSA under 2048 bits", cause = "an old key" };
	{ word = "oversized-key", meaning = "RSA over 16384 bits, or more than 64 KiB of key text", cause = "a hostile key" };
	{ word = "bad-exponent", meaning = "the RSA exponent is 1, even or over 64 bits", cause = "a hostile key" };
	{ word = "weak-secret",
		meaning = "the secret is shorter than its hash, or empty; in an entry also one of an example, or of little variety",
		cause = "make one with: openssl rand -hex 32" };
	{ word = "key-use-mismatch", meaning = "use or key_ops of a JWK does not permit it",
		cause = "an encryption key, or a private one that may not sign" };
	{ word = "bad-set", meaning = "no JWK set: an object with a list keys", cause = "another document at that address" };
	{ word = "oversized-set", meaning = "a JWK set over 256 KiB or 100 keys", cause = "another document; a hostile source" };
	{ word = "duplicate-kid", meaning = "two keys of a JWK set have one kid and one algorithm",
		cause = "the source must tell its keys apart" };
	{ word = "mixed-keys", meaning = "secrets and public keys in one JWK set", cause = "publish no secrets" };
	{ word = "engine-failure", meaning = "OpenSSL failed",
		cause = "out of memory; its configuration: meetauth check has its own words" };
};

local reasons = { list = list, by_word = {} };

-- What is wrong with a key is its owner's business and the operator's.
local OF_KEYS = "This server cannot check links with its keys. Please tell its operator";

for _, reason in ipairs(list) do
	reason.sentence = reason.sentence or OF_KEYS;
	reasons.by_word[reason.word] = reason;
end

--- What usually leads to a reason, for a token of that dialect.
---@param word string
---@param dialect string?  nil: not known
---@return string?  nil for what is no reason
function reasons.cause(word, dialect)
	local reason = reasons.by_word[word];
	return reason and (reason.causes and reason.causes[dialect] or reason.cause);
end

return reasons;
