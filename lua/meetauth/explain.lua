--- Every check of a verification with what was expected and what was found, for people.
-- Goes the verifier's way with the verifier's own parts, but does not stop at the first "no": later
-- checks look at the payload although nobody may vouch for it. Its result is never a reason to let in.

local header = require "meetauth.header";
local claims = require "meetauth.claims";
local new_grant = require "meetauth.grant".of;

local explain = {};

---@class Row
---@field check string    form, header, key, signature, typ, payload, a claim's name, require, check, or grant
---@field verdict "ok"|"fail"|"skipped"
---@field reason string?  where it failed
---@field expected any    nil where nothing is asked
---@field found any       from the token; nil where it has no such thing

-- The claims that are looked at one by one: what is asked of each, and its type (RFC 7519 4.1).
local function time(value) return math.type(value) ~= nil; end
local function text(value) return type(value) == "string"; end
local function audience(value) return type(value) == "string" or type(value) == "table"; end

local function words(set)
	local list = {};
	for word in pairs(set or {}) do list[#list + 1] = word; end
	table.sort(list);
	return list[1] and list or nil;
end

local each = {
	{ name = "exp", is = time, asks = { "leeway" },
		expected = function (asked, now) return ("after %.14g"):format(now - asked.leeway); end };
	{ name = "nbf", is = time, asks = { "leeway" },
		expected = function (asked, now) return ("not after %.14g"):format(now + asked.leeway); end };
	{ name = "iat", is = time, asks = { "leeway", "max_age" },
		expected = function (asked, now)
			return asked.max_age and ("since %.14g"):format(now - asked.max_age - asked.leeway);
		end };
	{ name = "iss", is = text, asks = { "leeway", "issuer" }, expected = function (asked) return words(asked.issuer); end };
	{ name = "aud", is = audience, asks = { "leeway", "audience" }, expected = function (asked) return words(asked.audience); end };
	{ name = "sub", is = text, asks = { "leeway" }, expected = function () return nil; end };
	{ name = "jti", is = text, asks = { "leeway" }, expected = function () return nil; end };
};

local function only(from, names)
	local part = {};
	for _, name in ipairs(names) do part[name] = from[name]; end
	return part;
end

local function verdict_of(reason)
	return reason and "fail" or "ok";
end

local function claim_rows(rows, all, asked, now)
	local typed = true;
	for _, check in ipairs(each) do
		local value = all[check.name];
		local fits = value == nil or check.is(value);
		typed = typed and fits;
		local reason = not fits and "bad-claim" or claims.refused({ [check.name] = value }, only(asked, check.asks), now);
		rows.add(check.name, verdict_of(reason), reason, check.expected(asked, now), value);
	end
	if asked.require then
		local reason = claims.lacks(all, asked.require);
		rows.add("require", verdict_of(reason), reason, asked.require, nil);
		typed = typed and not reason;
	end
	return typed;
end

-- The caller's own check sees what it would see otherwise: claims that are there, have types, and are vouched for.
local function own_check_row(rows, all, check, typed_and_signed)
	if not check then return; end
	if not typed_and_signed then
		rows.skip("check");
		return;
	end
	local reason = claims.fails(all, check);
	rows.add("check", verdict_of(reason), reason, nil, nil);
end

-- The rows so far, and "skipped" for what cannot be looked at.
local function new_rows()
	local rows = { list = {} };
	function rows.add(check, verdict, reason, expected, found)
		table.insert(rows.list, { check = check, verdict = verdict, reason = reason, expected = expected, found = found });
	end
	function rows.skip(...)
		for _, check in ipairs({ ... }) do rows.add(check, "skipped"); end
		return rows.list;
	end
	return rows;
end

local function signature_row(rows, reader, bindings)
	local reason;
	for _, binding in ipairs(bindings) do
		local ok, why = reader:payload(binding.key);
		if ok then
			rows.add("signature", "ok", nil, binding.key:alg(), nil);
			return binding.entry, true;
		end
		reason = why;
	end
	rows.add("signature", "fail", reason, bindings[1].key:alg(), nil);
	return bindings[1].entry, false;
end

local function type_row(rows, entry, head)
	local fits = not entry.typ or entry.typ[head.typ or ""];
	rows.add("typ", verdict_of(not fits), not fits and "type-mismatch" or nil, words(entry.typ), head.typ);
end

-- What the claims give under an issuer entry, and what of them nobody enforces. The last one: it uses them up.
local function grant_row(rows, all, entry, typed)
	if not entry.dialect then return; end
	if not typed then
		rows.skip("grant");
		return;
	end
	local grant, reason = new_grant(all, entry);
	rows.add("grant", verdict_of(reason), reason, nil, grant and grant.notes);
end

--- verify:explain(token, now) -> list of rows.
---@param verify Verifier
---@param token string
---@param now number  seconds since the epoch
---@return Row[]
function explain.token(verify, token, now)
	local rows, reader = new_rows(), verify.reader;
	local known, reason = reader:open(token);
	rows.add("form", verdict_of(not known), reason, "three parts of base64url", nil);
	if not known then return rows.skip("header", "key", "signature", "typ", "payload"); end
	local head = known;
	if known == true then head, reason = header.read(reader); end
	rows.add("header", verdict_of(not head), reason, nil, head and { alg = head.alg, kid = head.kid, typ = head.typ });
	if not head then return rows.skip("key", "signature", "typ", "payload"); end

	local bindings, no_key = verify:find_keys(head);
	rows.add("key", verdict_of(not bindings), no_key, nil, { alg = head.alg, kid = head.kid });
	local entry, signed = verify.entry, false;
	if bindings then entry, signed = signature_row(rows, reader, bindings); else rows.skip("signature"); end
	if entry then type_row(rows, entry, head); else rows.skip("typ"); end

	local all, unreadable = reader:unverified();
	rows.add("payload", verdict_of(not all), unreadable, "a JSON object", nil);
	if all and entry then
		local typed = claim_rows(rows, all, entry.asked, now);
		own_check_row(rows, all, entry.asked.check, typed and signed);
		grant_row(rows, all, entry, typed);
	end
	return rows.list;
end

return explain;
