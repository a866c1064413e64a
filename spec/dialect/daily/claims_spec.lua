-- Daily's claims: which values each takes, under its short and its long name.

local core = require "meetauth.core";
local dailyread = require "meetauth.dialect.daily.read";
local dailyclaims = require "meetauth.dialect.daily.claims";
local values = require "spec.support.dailyvalues";

local function entry(fields)
	local made = { domain_id = "acme", room = "required", user_prefix = "daily:acme:" };
	for name, value in pairs(fields or {}) do made[name] = value; end
	return made;
end

local function whole(text, fields)
	return dailyread.grant(assert(core.decode(text)), entry(fields));
end

-- What a token gives that has these members, as JSON, beside d and r.
local function grant(members)
	return whole('{"d":"acme","r":"x"' .. (members and "," .. members or "") .. "}");
end

local function fates(notes)
	local map = {};
	for _, note in ipairs(notes) do map[note.claim] = note.fate; end
	return map;
end

-- Names in a case's sentence are not longer than this.
local function shown(text)
	return #text > 60 and text:sub(1, 50) .. "... (" .. #text .. " bytes)" or text;
end

describe("meetauth.dialect.daily.claims", function ()
	for _, field in ipairs(dailyclaims.list) do
		local claim = field.claim;
		local case = values[claim];
		local rest = { claim_names = "either", hidden = "visible" };

		-- the token with one claim in place of its own
		local function with(name, value)
			local d, r = '"d":"acme"', '"r":"x"';
			if claim == "d" then d = nil; elseif claim == "r" then r = nil; end
			local members = { ('"%s":%s'):format(name, value) };
			members[#members + 1] = d;
			members[#members + 1] = r;
			return "{" .. table.concat(members, ",") .. "}";
		end

		for _, name in ipairs({ claim, field.long }) do
			for _, value in ipairs(case.good) do
				it(("takes %s of %s"):format(name, shown(value)), function ()
					local found, reason = whole(with(name, value), rest);
					assert.is_nil(reason);
					assert.is_table(found);
				end);
			end
			for _, value in ipairs(case.bad) do
				it(("refuses %s of %s"):format(name, shown(value)), function ()
					assert.same({ nil, "bad-claim" }, { whole(with(name, value), rest) });
				end);
			end
		end

		if claim ~= "d" and claim ~= "r" and claim ~= "exp" and claim ~= "iat" and claim ~= "nbf" then
			it("takes null for no " .. claim, function ()
				local with_null, without = assert(grant(('"%s":null'):format(claim))), assert(grant());
				assert.same(without, with_null);
			end);
		end
	end

	it("has values for every claim, and for no other", function ()
		local known = {};
		for _, field in ipairs(dailyclaims.list) do known[field.claim] = true; end
		for claim in pairs(values) do assert.is_true(known[claim], claim); end
	end);

	it("takes null for no room in neither spelling, also where a token without one opens all", function ()
		for _, name in ipairs({ "r", "room_name" }) do
			assert.same({ nil, "bad-claim" },
				{ whole(('{"d":"acme","%s":null}'):format(name), { room = "tenant", claim_names = "either" }) });
		end
	end);

	it("takes null for no domain", function ()
		assert.same({ nil, "unknown-issuer" }, { whole('{"d":null,"r":"x"}') });
	end);
end);

describe("a claim of two spellings", function ()
	-- every claim that has two spellings: two values of it that are both good
	local pairs_of_values = {
		d = { '"acme"', '"umbrella"' }, r = { '"x"', '"y"' }, ud = { '"a"', '"b"' }, u = { '"a"', '"b"' },
		o = { "true", "false" }, k = { "true", "false" }, ejt = { "true", "false" }, eje = { "1", "2" },
		ss = { "true", "false" }, er = { '"cloud"', '["cloud"]' }, sr = { "true", "false" }, sro = { '{"fps":1}', '{"fps":2}' },
		ast = { "true", "false" }, ao = { "true", "false" }, vo = { "true", "false" }, erui = { "true", "false" },
		uil = { '"en"', '"de"' }, ctoe = { "true", "false" }, rome = { '"https://a.example"', '"https://b.example"' },
		iat = { "1", "2" }, exp = { "9000000000", "9000000001" }, nbf = { "1", "2" }, ij = { "1", "2" },
		mjh = { '"a"', '"b"' }, p = { '{"cs":"v"}', '{"cs":"v","ca":"p"}' },
	};
	for _, field in ipairs(dailyclaims.list) do
		if field.long then
			local both = pairs_of_values[field.claim];
			local function token(short, long)
				local members = { d = '"acme"', r = '"x"' };
				members[field.claim], members[field.long] = short, long;
				local list = {};
				for name, value in pairs(members) do list[#list + 1] = ('"%s":%s'):format(name, value); end
				return "{" .. table.concat(list, ",") .. "}";
			end
			it(("refuses %s and %s that disagree"):format(field.claim, field.long), function ()
				local either = { claim_names = "either" };
				assert.same({ nil, "ambiguous-claims" }, { whole(token(both[1], both[2]), either) });
				assert.same({ nil, "ambiguous-claims" }, { whole(token(both[2], both[1]), either) });
				assert.is_table(whole(token(both[1], both[1]), either));
			end);
			it(("does not look at %s where nobody asked for it"):format(field.long), function ()
				local found = assert(whole(token(both[1], both[2])));
				assert.equal("ignored: unknown", fates(found.notes)[field.long]);
				assert.same({ nil, "bad-claim" }, { whole(token(both[1], both[1]), { strict = true }) });
			end);
		end
	end
end);

describe("the claims that are read", function ()
	-- { the token, whether long names count, claims under their short names or the reason, names that nobody knows }
	local cases = {
		{ "{}", false, {}, {} };
		{ '{"d":"acme","r":"x","o":true}', false, { d = "acme", r = "x", o = true }, {} };
		{ '{"domain_id":"acme","is_owner":true}', true, { d = "acme", o = true }, {} };
		{ '{"domain_id":"acme","is_owner":true}', false, {}, { "domain_id", "is_owner" } };
		{ '{"o":true,"is_owner":true}', true, { o = true }, {} };
		{ '{"o":null,"is_owner":true}', true, { o = true }, {} };
		{ '{"p":{"cs":"v"},"permissions":{"cs":"v"}}', true, { p = { cs = "v" } }, {} };
		{ '{"zz":1,"aa":2,"jti":"t1"}', false, {}, { "aa", "zz" } };
		{ '{"p":[]}', false, nil, "bad-claim" };
		{ '{"o":true,"is_owner":false}', true, nil, "ambiguous-claims" };
		{ '{"o":1,"is_owner":true}', true, nil, "ambiguous-claims" };
		{ '{"is_owner":1}', true, nil, "bad-claim" };
		{ '{"is_owner":1}', false, {}, { "is_owner" } };
	};
	for _, case in ipairs(cases) do
		it(("of %s are %s%s"):format(case[1], type(case[4]) == "string" and case[4] or "read", case[2] and ", long names too" or ""),
			function ()
				assert.same({ case[3], case[4] }, { dailyclaims.read(core.decode(case[1]), case[2]) });
			end);
	end

	it("have one fate each, and no name twice", function ()
		local seen, fate = {}, { enforced = true, published = true, ignored = true };
		for _, field in ipairs(dailyclaims.list) do
			assert.is_true(fate[field.fate], field.claim);
			for _, name in ipairs({ field.claim, field.long }) do
				assert.is_nil(seen[name], name);
				seen[name] = true;
			end
		end
	end);
end);
