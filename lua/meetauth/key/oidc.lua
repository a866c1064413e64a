--- An OpenID provider. Its issuer's address leads to a document with the address of its keys (OpenID Connect Discovery 1.0,
-- 4). RFC 8414, 2 has these members, too. The keys are an ordinary JWK set.

local core = require "meetauth.core";
local keyremote = require "meetauth.key.remote";
local keyurl = require "meetauth.key.url";
local text = require "meetauth.util.text";

local keyoidc = {};

local SHOWN_MAX = 100; -- bytes of another's word

--- Where the keys of a provider are, by its own word.
---@param document string  the body of its discovery document
---@param issuer string    its address, as the operator wrote it
---@param insecure boolean?
---@return string? address
---@return string? reason  bad-json, duplicate-member, not a discovery document, issuer-mismatch (it is another issuer's, RFC
--   8414 3.3), jwks_uri elsewhere (an address that no keys are fetched from)
function keyoidc.jwks_uri(document, issuer, insecure)
	local members, unreadable = core.decode(text.without_mark(document));
	if members == nil then return nil, unreadable; end
	if type(members) ~= "table" or type(members.issuer) ~= "string" or type(members.jwks_uri) ~= "string" then
		return nil, "not a discovery document: it has no issuer and jwks_uri";
	end
	if members.issuer ~= issuer then
		return nil, ("issuer-mismatch: the provider's issuer is %q, but oidc_url is %q"):format(
			text.clean(members.issuer, SHOWN_MAX), issuer);
	end
	if not keyurl.may_lead(issuer, members.jwks_uri, insecure) then return nil, "jwks_uri elsewhere"; end
	return members.jwks_uri;
end

---@class Provider
---@field remotes Remote[]  the discovery document, which holds no keys; then, once it is known, the keys' address
local provider = {};
provider.__index = provider;

---@param source Source  at: the issuer's address
---@param limits table   the entry
---@param read fun(text: string): Document?, string?
---@param env FetchEnv
---@return Provider
function keyoidc.new(source, limits, read, env)
	local self = setmetatable({ source = source, limits = limits, read = read, env = env, remotes = {} }, provider);
	self.remotes[1] = self:remote(keyurl.discovery(source.at), function (document) return self:read_document(document); end);
	return self;
end

function provider:remote(at, read, before)
	local source = self.source;
	return keyremote.new({ kind = source.kind, at = at, label = source.label, entry = source.entry }, self.limits, read, self.env,
		before);
end

-- A discovery document gives no keys; it says where they are.
function provider:read_document(document)
	local at, reason = keyoidc.jwks_uri(document, self.source.at, self.limits.insecure_url);
	if not at then return nil, reason; end
	local before = self.remotes[2];
	if not before or before.source.at ~= at then
		self.remotes[2] = self:remote(at, self.read, before);
		if before then before:close(); end
	end
	return { found = {}, skipped = {} };
end

--- Look for a key: where the keys' address is unknown or fails, it is asked for first.
---@param _ string?  a key's name
---@param done fun(known: boolean)  as Remote.ask
function provider:ask(_, done)
	local keys = self.remotes[2];
	if keys and not keys.failure then return keys:ask(done); end
	self.remotes[1]:ask(function ()
		keys = self.remotes[2];
		if not keys then return done(false); end
		keys:ask(done);
	end);
end

---@return boolean moved
function provider:tick()
	local moved = false;
	for i = 1, #self.remotes do moved = self.remotes[i]:tick() or moved; end
	return moved;
end

function provider:close()
	for _, remote in ipairs(self.remotes) do remote:close(); end
end

return keyoidc;
