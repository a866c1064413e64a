--- The closed list of reasons: every word that a refusal can carry, here or in the C core.
-- The word is in a log line, a metric label, the SASL text, the MUC error and doc/reasons.md.

---@class Reason
---@field word string     kebab-case
---@field meaning string  what was found
---@field cause string    its usual cause, and what to check
---@field causes table<string, string>?  the cause for one dialect, if the dialects differ
---@field sentence string for whoever is refused: it stands before the word on the screen
---@field child string?  the element in http://jitsi.org/jitmeet by which Jitsi's client knows what to offer: the element of
--   a MUC refusal. authentication-required: a login; room-does-not-exist: it tries again; the others only tell

---@type Reason[]
local list = {
	-- the token's form
	{ word = "token-required", meaning = "the connection has no token",
		cause = "the link has no token, or a proxy removed the query string. Write jwt= and the token behind it",
		child = "authentication-required",
		sentence = "This meeting needs a link with a token" };
	{ word = "conflicting-tokens", meaning = "one request has two different tokens",
		cause = "the link has an old parameter beside the new one, or beside the Authorization header. Send only one token",
		sentence = "This link has two different tokens" };
	{ word = "too-large", meaning = "the token is longer than the limit",
		cause = "the token has a large avatar or a large context object. The limit is meetauth_max_token",
		sentence = "This link is too long" };
	{ word = "malformed", meaning = "the token is not three parts of base64url without padding",
		cause = "the token was cut off or encoded again, has padding, or has a changed letter",
		sentence = "This link is damaged" };
	{ word = "unsupported", meaning = "the token is encrypted (five parts), is nested, or has b64 = false",
		cause = "the issuer makes encrypted tokens (JWE). Ask it for signed tokens",
		sentence = "This link has a kind of token that this server cannot read" };
	{ word = "bad-json", meaning = "the header or the payload is not a strict JSON object",
		cause = "the JSON has raw control characters, invalid UTF-8, NaN, or text after the object",
		sentence = "This link is damaged" };
	{ word = "duplicate-member", meaning = "an object has two members with one name",
		cause = "somebody wrote the token by hand, or changed it",
		sentence = "This link is damaged" };
	{ word = "bad-header", meaning = "a header parameter has the wrong type or size",
		cause = "alg, kid, typ or cty is not a string, or kid is longer than 256 bytes",
		sentence = "This link is damaged" };
	{ word = "critical-extension", meaning = "the header has crit, which demands an extension",
		cause = "the issuer uses an extension that meetauth does not know. RFC 7515 4.1.11 says to refuse the token",
		sentence = "This link has a kind of token that this server cannot read" };
	{ word = "type-mismatch", meaning = "typ is not one of the accepted types",
		cause = "the token is an access token (at+jwt) or another kind of JWT. The entry's typ lists the accepted types",
		sentence = "This link has another kind of token" };
	-- whose token it is
	{ word = "unknown-issuer", meaning = "no issuer entry has this iss or d",
		cause = "iss differs by a letter or a slash, or d belongs to another domain",
		sentence = "This link is from an issuer that this server does not know" };
	{ word = "ambiguous-claims", meaning = "the token has claims of both dialects",
		cause = "the token has d or r together with iss, aud, sub, room or context",
		sentence = "This link has a token of two kinds" };
	{ word = "algorithm-mismatch", meaning = "none of the entry's keys uses this alg",
		cause = "the issuer signs with an algorithm that the entry does not list",
		sentence = "This link is not signed as this server expects" };
	{ word = "unknown-key", meaning = "the entry has no key with this kid",
		cause = "the issuer changed its keys, or the entry has another kid",
		sentence = "This link is signed with a key that this server does not know" };
	{ word = "keys-unavailable", meaning = "the key source did not answer in time",
		cause = "the key server does not answer, or its answer is not a key. The log and prosodyctl shell meetauth keys show the error",
		sentence = "This server cannot check the link now. Try again in a minute" };
	{ word = "signature-mismatch", meaning = "the signature was not made with a key of the entry",
		cause = "the issuer has another secret, the secret ends with a newline, or somebody changed the token",
		sentence = "This link is not signed by an issuer that may invite you" };
	-- what it says
	{ word = "expired", meaning = "the time in exp has passed",
		cause = "the link is old, or the clocks differ by more than the leeway",
		child = "authentication-required",
		sentence = "This link has expired" };
	{ word = "not-yet-valid", meaning = "the time in nbf is in the future",
		cause = "the issuer's clock is ahead",
		child = "authentication-required",
		sentence = "This link is not valid yet" };
	{ word = "too-old", meaning = "iat is more than max_age ago, or in the future",
		cause = "the token is old and has no exp",
		sentence = "This link is too old" };
	{ word = "issuer-mismatch", meaning = "iss is not the expected issuer",
		cause = "iss differs in case or by a slash at the end, or names another realm",
		sentence = "This link is from an issuer that this server does not know" };
	{ word = "audience-mismatch", meaning = "aud has none of the accepted audiences",
		cause = "the token is for another service, or the entry's audience list is incomplete",
		sentence = "This link is for another service" };
	{ word = "claim-mismatch", meaning = "a claim has another value than the entry's claims option requires",
		cause = "the token is for another application. Compare client_id and azp",
		sentence = "This link is for another service" };
	{ word = "not-admitted", meaning = "the claim named in admit does not allow this user",
		cause = "the user lacks the group or role in the entry's admit option, or the provider does not put it into the token",
		sentence = "You are not allowed to enter this meeting" };
	{ word = "missing-claim", meaning = "the token lacks a required claim",
		cause = "the token has no room (or r), no sub, no exp, or lacks another claim that the entry requires",
		sentence = "This link lacks information that this server needs" };
	{ word = "bad-claim", meaning = "a claim has the wrong type or an impossible value",
		cause = "a time or a flag is a string, context is not an object, or the room's name is invalid",
		causes = {
			jitsi = "exp is a string, context or one of its objects is not an object, or the pattern in room is invalid",
			daily = "exp or o is a string, r has a * or a pattern, or p or er has an unknown word",
		},
		sentence = "This link has a value that is not valid" };
	{ word = "check-failed", meaning = "the verifier's check function refused the token",
		cause = "the script that made the verifier has a check function. Read its rules",
		sentence = "A rule of this server refuses this link" };
	{ word = "not-enforceable", meaning = "the token asks for a restriction that this server cannot enforce",
		cause = "the token has p.hp = false without hidden = \"visible\", receive rules with strict = true, or a lobby claim where "
			.. "nothing makes a lobby",
		child = "server-missing-config",
		sentence = "This link asks for something that this server cannot do" };
	{ word = "observed-only", meaning = "the token is valid, but its entry admits nobody",
		cause = "the entry has mode = \"observe\". Delete it to let people in",
		sentence = "This link is only for tests and does not let you in yet" };
	-- where it leads
	{ word = "room-mismatch", meaning = "the token is for another room, tenant or domain",
		cause = "room is another one, the entry's rooms lacks it, or sub is neither the server's domain nor the room's tenant",
		child = "room-mismatch",
		sentence = "This link is for another room" };
	{ word = "room-not-open", meaning = "the room does not exist yet, and this user has no right to open it",
		cause = "the MUC component has restrict_room_creation, and Jicofo does not run or is no admin there. Write its "
			.. "account, such as focus@auth.<your domain>, into admins of that component",
		child = "room-does-not-exist",
		sentence = "This meeting has not started yet" };
	{ word = "unknown-room", meaning = "the entry opens only rooms made by REST, and nobody made this one",
		cause = "the entry has rooms_required. Nobody called POST /v1/rooms, the room was deleted, or another "
			.. "server made it a moment ago",
		child = "room-does-not-exist",
		sentence = "This meeting does not exist" };
	{ word = "room-full", meaning = "the room has as many people as its limit allows",
		cause = "the limit is max_participants of POST /v1/rooms, or context.room.max_occupants in the owner's token",
		sentence = "This meeting is full" };
	{ word = "invalid-room-address", meaning = "the room's address has no name",
		cause = "the client made a mistake",
		child = "invalid-room-address",
		sentence = "This room has no name" };
	{ word = "foreign-session", meaning = "another host of this server accepted the token",
		cause = "the VirtualHost of this room does not list that host in meetauth_foreign_hosts",
		child = "room-mismatch",
		sentence = "This link is for another part of this server" };
	{ word = "banned", meaning = "the user is banned from the room, or another module's ban check refused the user",
		cause = "the room's list of outcasts has the user, or the other module has its own rules",
		sentence = "You are banned from this meeting" };
	{ word = "kicked", meaning = "a moderator removed the user, and the entry's kick_bans keeps the user out for a time",
		cause = "run prosodyctl shell meetauth kicked to see for how long. Run readmit with the number there to let the user in",
		sentence = "A moderator has removed you from this meeting" };
	{ word = "refused-by-module", meaning = "another module refused the login",
		cause = "the other module has its own rules. Read the text that it shows",
		sentence = "This server refused your login" };
	{ word = "other-device", meaning = "the user is in the room on another device, and unique_users allows one device",
		cause = "the user opened a second tab, passed the link on, or lost a connection and Prosody has not noticed yet. A room made "
			.. "by REST can have enforce_unique_user_ids",
		sentence = "You are in this meeting on another device" };
	{ word = "time-limit", meaning = "the user's time in the room has ended",
		cause = "the limit is eje, the entry's eject_after, or context.room.duration in the owner's token",
		sentence = "Your time in this meeting has ended" };
	-- what the operator has taken back, and what was used up
	{ word = "revoked", meaning = "the operator revoked the token, its user, its subject or its issuer entry",
		cause = "run prosodyctl shell meetauth revoked to list the revocations. Run unrevoke to cancel one",
		sentence = "This link was cancelled" };
	{ word = "already-used", meaning = "the token allows one login, and it was used before",
		cause = "somebody opened the link twice, passed it on, or loaded the page again. Sign a new token for each login",
		sentence = "This link can be used only once, and it was used before" };
	-- the server
	{ word = "storage-unavailable",
		meaning = "Prosody's storage does not answer, and meetauth cannot look up revoked and used tokens",
		cause = "the database is down. Read the error line in the log, and see meetauth_storage_down",
		sentence = "This server cannot check the link now. Try again in a minute" };
	{ word = "enforcement-missing", meaning = "the host's MUC component does not load muc_meetauth",
		cause = "add muc_meetauth to modules_enabled of the component, or set meetauth_enforcement = \"elsewhere\"",
		sentence = "This server is not set up completely. Please tell its operator" };
	{ word = "server-misconfigured", meaning = "the configuration of muc_meetauth is not usable",
		cause = "the error line in the log names the option",
		child = "server-missing-config",
		sentence = "This server is not set up completely. Please tell its operator" };
	-- keys, when they are loaded or used
	{ word = "unknown-algorithm", meaning = "no algorithm has this name",
		cause = "the name is misspelt. \"none\" does not exist" };
	{ word = "bad-key", meaning = "the key has no known format",
		cause = "the key is cut off, or has another format. In a JWK, a number has padding or leading zeros" };
	{ word = "encrypted-key", meaning = "the key is protected by a pass phrase",
		cause = "meetauth never asks for a pass phrase. Decrypt the key first" };
	{ word = "not-public", meaning = "a private key was given where a public key is expected",
		cause = "keep the private key with the issuer, and write the public key here" };
	{ word = "not-private", meaning = "signing needs a private key",
		cause = "a public key or a certificate was given" };
	{ word = "not-secret", meaning = "a public key, PEM, SSH key or JWK was given as a secret",
		cause = "write the key into public_key, with its algorithm" };
	{ word = "key-type-mismatch", meaning = "the key's type does not fit the algorithm",
		cause = "an EC key is used with RS256, for example" };
	{ word = "curve-mismatch", meaning = "the key's curve does not fit the algorithm",
		cause = "a P-384 key is used with ES256, for example" };
	{ word = "not-on-curve", meaning = "the public point is not on its curve, or has a small order",
		cause = "the key is damaged or hostile" };
	{ word = "weak-key", meaning = "the RSA key has fewer than 2048 bits",
		cause = "the key is old. Make a new one" };
	{ word = "oversized-key", meaning = "the RSA key has more than 16384 bits, or the key's text more than 64 KiB",
		cause = "the key is hostile" };
	{ word = "bad-exponent", meaning = "the RSA exponent is 1, is even, or has more than 64 bits",
		cause = "the key is hostile" };
	{ word = "weak-secret",
		meaning = "the secret is shorter than its hash, is empty, is from an example, or has too few different bytes",
		cause = "somebody typed the secret or copied it from an example. Make a new one: openssl rand -hex 32" };
	{ word = "key-use-mismatch", meaning = "use or key_ops of the JWK does not allow this use",
		cause = "the key is for encryption, or its private key has no right to sign" };
	{ word = "bad-set", meaning = "the document is not a JWK set, which is an object with a list named keys",
		cause = "the address returns another document" };
	{ word = "oversized-set", meaning = "the JWK set is larger than 256 KiB, or has more than 100 keys",
		cause = "the address returns another document, or the source is hostile" };
	{ word = "duplicate-kid", meaning = "two keys of the JWK set have one kid and one algorithm",
		cause = "the source gives two keys one name. Give each key its own kid" };
	{ word = "mixed-keys", meaning = "the JWK set has both secrets and public keys",
		cause = "the source publishes a secret. Publish public keys only" };
	{ word = "engine-failure", meaning = "OpenSSL failed",
		cause = "memory is full, or OpenSSL's configuration is wrong. Run meetauth check to find out" };
};

local reasons = { list = list, by_word = {} };

-- The fault of a key is told only to its owner and to the operator.
local OF_KEYS = "This server cannot check links with its keys. Please tell its operator";

for _, reason in ipairs(list) do
	reason.sentence = reason.sentence or OF_KEYS;
	reasons.by_word[reason.word] = reason;
end

--- The usual cause of a reason, for a token of that dialect.
---@param word string
---@param dialect string?  nil: not known
---@return string?  nil for what is no reason
function reasons.cause(word, dialect)
	local reason = reasons.by_word[word];
	return reason and (reason.causes and reason.causes[dialect] or reason.cause);
end

return reasons;
