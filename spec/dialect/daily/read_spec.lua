local held = require "spec.support.held";
local core = require "meetauth.core";
local dailyread = require "meetauth.dialect.daily.read";
local dailyclaims = require "meetauth.dialect.daily.claims";
local json = require "meetauth.util.json";
local grant_of = require "meetauth.access.grant".of;
local meetauth = require "meetauth";
local values = require "spec.support.dailyvalues";
local verifier = require "meetauth.token.verifier";

local function entry(fields)
	local made = { domain_id = "acme", room = "required", user_prefix = "daily:acme:" };
	for name, value in pairs(fields or {}) do made[name] = value; end
	return made;
end

-- What a token gives that has these members, as JSON, beside d and r.
local function grant(members, fields)
	return dailyread.grant(assert(core.decode('{"d":"acme","r":"x"' .. (members and "," .. members or "") .. "}")), entry(fields));
end

local function whole(text, fields)
	return dailyread.grant(assert(core.decode(text)), entry(fields));
end

local function fates(notes)
	local map = {};
	for _, note in ipairs(notes) do map[note.claim] = note.fate; end
	return map;
end

describe("meetauth.dialect.daily on anything at all", function ()
	-- every value that a claim takes or refuses, and then some, in every claim and in every place of p
	local pool = { "null", "-0.0", "1e308", "9223372036854775807", '"\\u0000"', '"\\uffff"', "[[[[]]]]", '{"a":[1,null,{"b":null}]}',
		'{"*":true}', '{"v":true}', '{"":{"":""}}', "[null]" };
	for _, case in pairs(values) do
		for _, list in pairs(case) do table.move(list, 1, #list, #pool + 1, pool); end
	end
	local entries = { entry(),
		entry({ claim_names = "either", hidden = "visible", room = "tenant", redirect_hosts = { "a.example" } }),
		entry({ strict = true, lobby = "knock", recording = { "cloud" }, admin_affiliation = "owner" }) };
	local shapes = {};
	for _, place in ipairs({ "hp", "cs", "cr", "ca", "hasPresence", "canReceive", "zz" }) do
		shapes[#shapes + 1] = '{"d":"acme","r":"x","p":{"' .. place .. '":%2$s}}';
	end
	for _, place in ipairs({ "b", "u", "p", "base" }) do
		shapes[#shapes + 1] = '{"d":"acme","r":"x","p":{"cr":{"' .. place .. '":%2$s}}}';
	end

	it("gives a grant that can be written, or one of its reasons, and never raises", function ()
		local reasons = { ["bad-claim"] = true, ["missing-claim"] = true, ["unknown-issuer"] = true, ["ambiguous-claims"] = true,
			["not-enforceable"] = true };
		local grants = 0;
		local function try(text)
			local claims = core.decode(text);
			if not claims then return; end -- a name twice: the core's to refuse
			for _, one in ipairs(entries) do
				local found, reason = dailyread.grant(claims, one);
				if found then
					grants = grants + 1;
					json.encode(found.advisory or {});
					for _, note in ipairs(found.notes) do assert.is_string(note.claim); end
				else
					assert.is_true(reasons[reason], tostring(reason));
				end
			end
		end
		for _, value in ipairs(pool) do
			for _, field in ipairs(dailyclaims.list) do
				try(('{"d":"acme","r":"x","%s":%s}'):format(field.claim, value));
				if field.long then try(('{"d":"acme","r":"x","%s":%s}'):format(field.long, value)); end
			end
			for _, shape in ipairs(shapes) do try((shape:gsub("%%2%$s", (value:gsub("%%", "%%%%"))))); end
		end
		assert.is_true(grants > 1000);
	end);
end);

describe("meetauth.dialect.daily's domain and room", function ()
	local cases = {
		{ "another domain", '{"d":"umbrella","r":"x"}', reason = "unknown-issuer" };
		{ "the domain in another case", '{"d":"Acme","r":"x"}', reason = "unknown-issuer" };
		{ "the beginning of the domain", '{"d":"acm","r":"x"}', reason = "unknown-issuer" };
		{ "no domain", '{"r":"x"}', reason = "unknown-issuer" };
		{ "no room", '{"d":"acme"}', reason = "missing-claim" };
		{ "no room where the entry allows it", '{"d":"acme"}', { room = "tenant" }, room = "*" };
		{ "a room where none is needed", '{"d":"acme","r":"x"}', { room = "tenant" }, room = "x" };
		{ "a star where none is needed", '{"d":"acme","r":"*"}', { room = "tenant" }, reason = "bad-claim" };
		{ "a bad claim before another domain", '{"d":"umbrella","r":"*"}', reason = "bad-claim" };
		{ "a room in capitals, which XMPP folds", '{"d":"acme","r":"Hello"}', room = "hello" };
		{ "long names that nobody asked for", '{"domain_id":"acme","room_name":"x"}', reason = "unknown-issuer" };
		{ "a long room that nobody asked for", '{"d":"acme","room_name":"x"}', reason = "missing-claim" };
		{ "a long room that nobody asked for, beside all rooms", '{"d":"acme","room_name":"y"}', { room = "tenant" }, room = "*" };
		{ "long names", '{"domain_id":"acme","room_name":"x"}', { claim_names = "either" }, room = "x" };
		{ "both spellings that agree", '{"d":"acme","domain_id":"acme","r":"x","room_name":"x"}', { claim_names = "either" },
			room = "x" };
		{ "both spellings of which one is null", '{"d":"acme","domain_id":null,"r":"x"}', { claim_names = "either" }, room = "x" };
		{ "rooms that differ in case only", '{"d":"acme","r":"x","room_name":"X"}', { claim_names = "either" },
			reason = "ambiguous-claims" };
	};
	for _, case in ipairs(cases) do
		it(("%s %s"):format(case.reason and "refuses" or "takes", case[1]), function ()
			local found, reason = whole(case[2], case[3]);
			assert.equal(case.reason, reason);
			assert.equal(case.room, found and found.room);
		end);
	end
end);

describe("meetauth.dialect.daily's user", function ()
	it("has a name fit to show, or none", function ()
		assert.equal("Joe", grant('"u":"J\\u202e\\noe"').nick);
		assert.equal(("ä"):rep(256), grant('"u":"' .. ("ä"):rep(300) .. '"').nick);
		for _, nothing in ipairs({ '"u":""', '"u":"\\u202e\\n"', '"u":null' }) do
			local found = assert(grant(nothing));
			assert.is_nil(found.nick);
			assert.is_nil(found.user.name);
		end
		assert.equal("Ann", grant('"u":"Ann"').user.name);
		assert.is_false(grant('"u":"Ann"').nick_locked);
		assert.is_true(grant('"u":"Ann"', { lock_name = true }).nick_locked);
		assert.is_true(grant(nil, { lock_name = true }).nick_locked);
	end);

	it("has an id with the entry's prefix, byte for byte", function ()
		assert.equal("daily:acme:Ünï", grant('"ud":"Ünï"').user.id);
		assert.is_nil(grant().user.id);
		assert.is_nil(grant('"ud":"u1"').unique);
		assert.equal("first", grant('"ud":"u1"', { unique_users = "first" }).unique);
		assert.is_nil(grant(nil, { unique_users = "newest" }).unique);
	end);

	it("is an owner or is not: Daily has no third word", function ()
		for members, owner in pairs({ ['"o":true'] = true, ['"o":false'] = false, ['"o":null'] = false, ['"k":false'] = false }) do
			local found = assert(grant(members));
			assert.equal(owner and "granted" or "denied", found.owner);
			assert.equal(owner, found.user.moderator);
			assert.equal(owner and "owner" or "member", found.user.affiliation);
		end
	end);

	it("has no word of Jitsi's", function ()
		local found = grant('"moderator":true,"context":{"user":{"moderator":true}},"room":"*","sub":"*"');
		assert.equal("denied", found.owner);
		assert.equal("x", found.room);
		assert.is_nil(found.domain);
	end);
end);

describe("meetauth.dialect.daily's lobby", function ()
	local cases = {
		{ nil, nil, passes = true };
		{ '"k":false', nil, passes = true };
		{ '"k":true', nil, knocks = true, wants = true, makes = true };
		{ '"k":true,"o":true', nil, knocks = true, wants = true, makes = true }; -- the token's own word
		{ '"k":true', { knock_without_lobby = "create" }, knocks = true, wants = true, makes = true };
		{ '"k":true', { knock_without_lobby = "refuse" }, knocks = true, wants = true };
		{ '"k":true', { knock_without_lobby = "ignore" }, knocks = true };
		{ '"k":true', { lobby = "bypass" }, knocks = true, wants = true, makes = true };
		{ '"k":true', { lobby = "claim" }, knocks = true, wants = true, makes = true };
		{ nil, { lobby = "claim" }, passes = true };
		{ nil, { lobby = "knock" }, knocks = true, wants = true, makes = true };
		{ '"k":false', { lobby = "knock", knock_without_lobby = "ignore" }, knocks = true };
		{ '"o":true', { lobby = "knock" }, passes = true }; -- somebody has to let the others in
		{ '"o":true,"k":true', { lobby = "knock" }, knocks = true, wants = true, makes = true };
		{ '"o":true,"k":true', { lobby = "owners" }, passes = true };
		{ '"k":false', { lobby = "owners" }, knocks = true, wants = true, makes = true };
		{ '"p":{"ca":"p"}', { lobby = "knock" }, knocks = true, wants = true, makes = true };
	};
	for _, case in ipairs(cases) do
		local words = {};
		for name, value in pairs(case[2] or {}) do words[#words + 1] = name .. " = " .. value; end
		table.sort(words);
		it(("%s for {%s} with {%s}"):format(case.passes and "is passed" or "is knocked at", case[1] or "", table.concat(words, ", ")),
			function ()
				local found = assert(grant(case[1], case[2]));
				assert.equal(case.passes == true, found.passes_lobby);
				assert.equal(case.passes == true, found.user.lobby_bypass);
				assert.equal(case.knocks, found.knocks);
				assert.equal(case.wants == true, found.wants_lobby);
				assert.equal(case.makes == true, found.makes_lobby);
			end);
	end
end);

describe("meetauth.dialect.daily's ejection", function ()
	it("is at exp with ejt, after eje seconds, or both", function ()
		assert.equal(1864081538, grant('"exp":1864081538,"ejt":true').eject_at);
		assert.is_nil(grant('"exp":1864081538,"ejt":false').eject_at);
		assert.is_nil(grant('"exp":1864081538').eject_at);
		assert.equal(60, grant('"eje":60').eject_after);
		assert.equal("integer", math.type(grant('"eje":60.0').eject_after));
		local both = grant('"eje":60,"ejt":true,"exp":1864081538');
		assert.same({ 1864081538, 60 }, { both.eject_at, both.eject_after });
		assert.equal("ignore", both.at_expiry); -- exp alone lets stay
	end);

	it("is nowhere with ejt but no exp, and says so", function ()
		local found = grant('"ejt":true');
		assert.is_nil(found.eject_at);
		assert.equal("ignored: the token has no exp", fates(found.notes).ejt);
	end);

	it("tells of an exp in milliseconds, which is a time in a far future", function ()
		local found = grant('"exp":1864081538000,"ejt":true');
		assert.equal(1864081538000, found.eject_at);
		assert.is_truthy(fates(found.notes).exp);
		assert.is_nil(fates(grant('"exp":1864081538').notes).exp);
	end);
end);

-- What owners, guests and p may, row by row. Columns: the token, and the entry where it matters.
describe("meetauth.dialect.daily's features", function ()
	local everything = { ["outbound-call"] = true, ["sip-outbound-call"] = true, ["file-upload"] = true, ["live-translation"] = true,
		["flip"] = true, ["name-readonly"] = true, ["create-polls"] = true, ["send-groupchat"] = true,
		["send-private-message"] = true };
	local nothing = {};
	for name in pairs(everything) do nothing[name] = false; end
	local cloud = { recording = { "cloud" } };

	local rows = {
		{ "recording", nil, false }; { "recording", '"o":true', false };
		{ "recording", '"o":true,"er":"cloud"', true }; { "recording", '"o":true,"er":["local","raw-tracks"]', true };
		{ "recording", '"o":true,"er":"cloud-audio-only"', true }; { "recording", '"o":true,"er":"rtp-tracks"', true };
		{ "recording", '"o":true,"er":"local"', false }; { "recording", '"o":true,"er":"output-byte-stream"', false };
		{ "recording", '"o":true,"er":[]', false, cloud }; { "recording", '"o":true,"er":"vhs"', false, cloud };
		{ "recording", '"o":true', true, cloud }; { "recording", '"o":true', false, { recording = { "local" } } };
		{ "recording", '"o":true,"er":null', true, cloud };
		{ "recording", '"er":"cloud"', false }; { "recording", nil, false, cloud };
		{ "recording", '"er":"cloud","p":{"ca":"s"}', true }; { "recording", '"er":"cloud","p":{"ca":["streaming"]}', true };
		{ "recording", '"p":{"ca":"s"}', true, cloud }; { "recording", '"p":{"ca":"s"}', false };
		{ "recording", '"er":"cloud","p":{"ca":true}', true }; { "recording", '"er":"cloud","p":{"ca":"p,t"}', false };
		{ "recording", '"er":"cloud","p":{"ca":false}', false };
		{ "livestreaming", nil, false }; { "livestreaming", '"o":true', true }; { "livestreaming", '"p":{"ca":"s"}', true };
		{ "livestreaming", '"p":{"ca":"p,t"}', false }; { "livestreaming", '"p":{"ca":true}', true };
		{ "transcription", nil, false }; { "transcription", '"o":true', true }; { "transcription", '"p":{"ca":"t"}', true };
		{ "transcription", '"p":{"ca":"p,s"}', false }; { "transcription", '"p":{"ca":["transcription"]}', true };
		{ "screen-sharing", nil, true }; { "screen-sharing", '"o":true', true };
		{ "screen-sharing", '"ss":false', false }; { "screen-sharing", '"ss":false,"o":true', false };
		{ "screen-sharing", '"ss":true,"p":{"cs":"v,a"}', false }; { "screen-sharing", '"p":{"cs":"sv"}', true };
		{ "screen-sharing", '"ss":false,"p":{"cs":"sv"}', false }; { "screen-sharing", '"p":{"cs":false}', false };
		{ "screen-sharing", '"p":{"cs":["screenVideo"]}', true }; { "screen-sharing", '"p":{"cs":["screenAudio"]}', false };
		{ "screen-sharing", '"o":true,"p":{"cs":false}', true }; -- p is for those who are no owners
		{ "outbound-call", '"o":true', false }; { "outbound-call", '"o":true', true, { features = everything } };
		{ "outbound-call", '"p":{"ca":true}', false, { features = everything } };
		{ "sip-outbound-call", '"o":true', false }; { "sip-outbound-call", '"o":true', true, { features = everything } };
		{ "sip-outbound-call", nil, false, { features = everything } };
		{ "name-readonly", nil, false }; { "name-readonly", '"o":true', true, { lock_name = true } };
		{ "name-readonly", nil, true, { features = everything } };
	};
	for _, name in ipairs({ "create-polls", "send-groupchat", "send-private-message" }) do
		table.insert(rows, { name, nil, true });
		table.insert(rows, { name, nil, false, { features = nothing } });
		table.insert(rows, { name, '"o":true', true, { features = nothing } });
	end
	for _, name in ipairs({ "file-upload", "live-translation", "flip" }) do
		table.insert(rows, { name, '"o":true', false });
		table.insert(rows, { name, '"o":true', true, { features = everything } });
		table.insert(rows, { name, nil, true, { features = everything } });
	end

	for i, row in ipairs(rows) do
		it(("say %s is %s for {%s} (row %d)"):format(row[1], row[3], row[2] or "", i), function ()
			assert.equal(row[3], assert(grant(row[2], row[4])).features[row[1]]);
		end);
	end

	it("are all there, each a boolean, because a neighbour takes an absent one for denied", function ()
		local expected = { ["recording"] = true, ["livestreaming"] = true, ["transcription"] = true, ["screen-sharing"] = true };
		for name in pairs(everything) do expected[name] = true; end
		for _, members in ipairs({ '"o":true', '"o":false', '"p":{"cs":false,"ca":false}', '"er":"cloud","p":{"ca":true}' }) do
			local found = {};
			for name, value in pairs(grant(members).features) do
				assert.is_boolean(value, name);
				found[name] = true;
			end
			assert.same(expected, found);
		end
	end);

	it("are a table of its own for each token", function ()
		local one, two = grant(), grant();
		one.features.recording = true;
		assert.is_false(two.features.recording);
	end);
end);

describe("meetauth.dialect.daily's administrator", function ()
	local cases = {
		{ nil, nil }; { '"p":{"ca":false}', nil }; { '"p":{"ca":"s,t"}', nil }; { '"p":{"ca":""}', nil };
		{ '"p":{"ca":"p"}', "admin" }; { '"p":{"ca":true}', "admin" }; { '"p":{"ca":["participants"]}', "admin" };
		{ '"p":{"ca":"p"}', "owner", { admin_affiliation = "owner" } }; { '"p":{"ca":"s"}', nil, { admin_affiliation = "owner" } };
		{ '"o":true,"p":{"ca":"p"}', nil };
		{ '"p":{"canAdmin":true}', nil }; -- long names widen nothing unless the entry asks for them
		{ '"p":{"canAdmin":true}', "admin", { claim_names = "either" } };
	};
	for _, case in ipairs(cases) do
		it(("is %s of {%s}"):format(case[2] or "none", case[1] or ""), function ()
			local found = assert(grant(case[1], case[3]));
			assert.equal(case[2], found.admin);
			if not case[1] or not case[1]:find('"o"') then assert.equal("denied", found.owner); end
		end);
	end
end);

describe("meetauth.dialect.daily on starting", function ()
	local cases = {
		{ '"sr":true', false, false }; { '"sr":true,"o":true', false, false, nil, "sr" };
		{ '"sr":true,"o":true,"er":"cloud"', true, false }; { '"sr":true,"er":"cloud"', false, false, nil, "sr" };
		{ '"sr":true,"er":"cloud","p":{"ca":"s"}', true, false }; { '"sr":true,"o":true,"er":"raw-tracks"', false, false, nil, "sr" };
		{ '"sr":true,"o":true', true, false, { recording = { "cloud" } } }; { '"sr":false,"o":true,"er":"cloud"', false, false };
		{ '"o":true,"er":"cloud"', false, false };
		{ '"ast":true,"o":true', false, true }; { '"ast":true', false, false, nil, "ast" };
		{ '"ast":true,"p":{"ca":"t"}', false, false, nil, "ast" }; { '"ast":false,"o":true', false, false };
	};
	for _, case in ipairs(cases) do
		it(("starts %s and %s for {%s}"):format(case[2] and "a recording" or "none", case[3] and "a transcription" or "none", case[1]),
			function ()
				local found = assert(grant(case[1], case[4]));
				assert.equal(case[2], found.starts_recording);
				assert.equal(case[3], found.starts_transcription);
				if case[5] then assert.is_truthy(fates(found.notes)[case[5]]); end
			end);
	end
end);

describe("meetauth.dialect.daily under strict", function ()
	local cases = {
		{ '"xyz":1', "bad-claim" }; { '"room_name":"x"', "bad-claim" }; { '"p":{"cs":"v,zz"}', "bad-claim" };
		{ '"p":{"ca":"p,zz"}', "bad-claim" }; { '"p":{"zz":1}', "bad-claim" }; { '"p":{"cr":{"zz":1}}', "bad-claim" };
		{ '"er":"vhs"', "bad-claim" }; { '"er":["cloud","vhs"]', "bad-claim" }; { '"o":true,"p":{"cs":"zz"}', "bad-claim" };
		{ '"p":{"cr":{"b":false}}', "not-enforceable" }; { '"p":{"cr":{"u":{"*":{"v":false}}}}', "not-enforceable" };
		{ '"p":{"cr":{"b":true}}' }; { '"jti":"1"' }; { '"iat":1.5,"exp":2,"nbf":0' }; { '"mjh":"x","ij":1,"otcd":"y"' };
		{ '"o":true,"p":{"cr":{"b":false}}' }; { '"er":["cloud","local"]' }; { '"p":{"cs":["video","a"]}' };
	};
	for _, case in ipairs(cases) do
		it(("%s {%s}, and takes it otherwise"):format(case[2] and "refuses" or "takes", case[1]), function ()
			local found, reason = grant(case[1], { strict = true });
			assert.equal(case[2], reason);
			assert.equal(case[2] == nil, found ~= nil);
			assert.is_table(grant(case[1]));
		end);
	end
end);

describe("meetauth.dialect.daily on hidden participants", function ()
	it("refuses them, unless the entry lets them in visibly", function ()
		assert.same({ nil, "not-enforceable" }, { grant('"p":{"hp":false}') });
		assert.same({ nil, "not-enforceable" }, { grant('"p":{"hp":false}', { hidden = "refuse" }) });
		local seen = assert(grant('"p":{"hp":false}', { hidden = "visible" }));
		assert.equal("ignored: the user enters visibly", fates(seen.notes)["p.hp"]);
		assert.is_table(grant('"p":{"hp":true}'));
		assert.is_table(grant('"p":{"hp":null}'));
		assert.is_table(grant('"o":true,"p":{"hp":false}'));
	end);
end);

describe("meetauth.dialect.daily's notes", function ()
	local moderated = "published: enforced only if Jitsi's AV moderation is loaded";
	local unkept = "published: no server enforces it";
	local cases = {
		{ nil, {} };
		{ '"mjh":"https://hook.example/","ij":true,"otcd":"x"', { mjh = "ignored", ij = "ignored", otcd = "ignored" } };
		{ '"ao":true,"vo":false,"erui":true,"uil":"de","ctoe":true', { ao = "published", vo = "published", erui = "published",
			uil = "published", ctoe = "published" } };
		{ '"ss":true', { ss = "published" } };
		{ '"sro":{"fps":30}', { sro = "published" } };
		{ '"xyz":1,"abc":2', { xyz = "ignored: unknown", abc = "ignored: unknown" } };
		{ '"p":{"cs":"v,zz"}', { ["p.cs:zz"] = "ignored: unknown", ["p.cs:a"] = moderated, ["p.cs:sv"] = moderated,
			["p.cs:sa"] = unkept, ["p.cs:cv"] = unkept, ["p.cs:ca"] = unkept } };
		{ '"p":{"ca":"boss"}', { ["p.ca:boss"] = "ignored: unknown" } };
		{ '"p":{"zz":1}', { ["p.zz"] = "ignored: unknown" } };
		{ '"p":{"canSend":true}', { ["p.canSend"] = "ignored: unknown" } };
		{ '"p":{"cr":{"b":false}}', { ["p.cr"] = "published: no server filters received media" } };
		{ '"p":{"cs":"v,a,sa,cv,ca"}', { ["p.cs:sv"] = moderated } };
		{ '"p":{"cs":true}', {} };
		{ '"p":{"ca":"p"}', {} };
		{ '"o":true,"p":{"cs":false}', { p = "ignored: owners can do everything" } };
		{ '"er":"local"', { er = "published: the client records in the browser" } };
		{ '"er":"vhs"', { ["er:vhs"] = "ignored: unknown" } };
		{ '"rome":"https://evil.example/"', { rome = "ignored: its host is not in redirect_hosts" } };
		{ '"ud":"a","u":"b","o":true,"k":true,"eje":1,"er":"cloud"', {} };
	};
	for _, case in ipairs(cases) do
		it(("tell of {%s}"):format(case[1] or ""), function ()
			assert.same(case[2], fates(assert(grant(case[1])).notes));
		end);
	end

	it("are few, however many words a token has", function ()
		local words = {};
		for i = 1, 3000 do words[i] = ('"w%d"'):format(i); end
		local found = assert(grant('"er":[' .. table.concat(words, ",") .. "]"));
		assert.is_true(#found.notes <= 40);
		assert.equal("ignored: unknown, and 2968 more unknown names", fates(found.notes)["..."]);
		assert.is_table(grant('"p":{"cs":"' .. ("x"):rep(10000) .. '"}'));
	end);
end);

-- Daily's published samples: nobody outside knows the secret.
describe("Daily's published sample", function ()
	local domain = "25df5057-ef0d-4d97-bde6-0cf287276cbb";
	local payload = '{"nbf":1548721569,"exp":1864081538,"r":"hello","o":true,"ss":true,"er":"local","d":"' .. domain
		.. '","iat":1548721831}';
	local sample = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJuYmYiOjE1NDg3MjE1NjksImV4cCI6MTg2NDA4MTUzOCwiciI6ImhlbGxvIiwibyI6dHJ1ZSw"
		.. "ic3MiOnRydWUsImVyIjoibG9jYWwiLCJkIjoiMjVkZjUwNTctZWYwZC00ZDk3LWJkZTYtMGNmMjg3Mjc2Y2JiIiwiaWF0IjoxNTQ4NzIxODMxfQ";
	local now = 1790000000; -- in its window

	local function verify_with(secret, asked)
		local key = assert(core.key.new("HS256", "secret", secret));
		local sample_entry = { id = "sample", dialect = "daily", domain_id = domain, room = "required", user_prefix = "",
			keys = { key }, asked = asked or { leeway = 0.0, require = { "exp", "iat" } }, typ = { [""] = true, JWT = true, jwt = true } };
		return verifier.of_entries({ sample_entry }, 16384, held({ sample_entry })), sample_entry, key;
	end

	it("has the header and the payload of the guide", function ()
		local head, claims = meetauth.peek(sample .. ".AAAA");
		assert.same({ alg = "HS256", typ = "JWT" }, head);
		assert.same(core.decode(payload), claims);
	end);

	it("gives what it says under a key that signs it", function ()
		local verify, sample_entry, key = verify_with(("s"):rep(64));
		local claims, reason = verify(core.sign(key, '{"alg":"HS256","typ":"JWT"}', payload), now);
		assert.is_nil(reason);
		local found = assert(grant_of(claims, sample_entry));
		assert.same({ "daily:" .. domain, "hello", "granted", true }, { found.issuer, found.room, found.owner, found.passes_lobby });
		assert.same({ er = "published: the client records in the browser", ss = "published" }, fates(found.notes));
	end);

	it("also without typ, as Daily's own code makes it", function ()
		local verify, _, key = verify_with(("s"):rep(64));
		assert.is_table(verify(core.sign(key, '{"alg":"HS256"}', payload), now));
	end);

	it("is refused under any key that is ours, before its claims count", function ()
		for _, secret in ipairs({ ("s"):rep(64), ("0"):rep(64), ("f"):rep(32) }) do
			local verify = verify_with(secret);
			assert.same({ nil, "signature-mismatch" }, { verify(sample .. "." .. ("A"):rep(43), now) });
			assert.same({ nil, "signature-mismatch" }, { verify(sample .. "." .. ("A"):rep(43), 2000000000) });
		end
	end);

	it("is refused before its signature is looked at where its domain is another's", function ()
		local key = core.key.new("HS256", "secret", ("s"):rep(32));
		local entries = { { dialect = "daily", domain_id = "acme", keys = { key }, asked = { leeway = 0.0 } } };
		local other = verifier.of_entries(entries, 16384, held(entries));
		assert.same({ nil, "unknown-issuer" }, { other(sample .. "." .. ("A"):rep(43), now) });
	end);

	it("has one spelling: the last letter's spare bits make another token malformed", function ()
		local verify, _, key = verify_with(("s"):rep(64));
		local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
		local token = core.sign(key, '{"alg":"HS256","typ":"JWT"}', payload);
		local last = alphabet:find(token:sub(-1), 1, true) - 1;
		assert.equal(0, last % 4);
		for spare = 1, 3 do
			local bent = token:sub(1, -2) .. alphabet:sub(last + spare + 1, last + spare + 1);
			assert.same({ nil, "malformed" }, { verify(bent, now) });
		end
		for _, letter in ipairs({ "p", "q", "r" }) do -- the guide's own last letter is o
			assert.same({ nil, "malformed" }, { verify(sample .. "." .. ("A"):rep(42) .. letter, now) });
		end
		assert.same({ nil, "signature-mismatch" }, { verify(sample .. "." .. ("A"):rep(42) .. "o", now) });
		assert.same({ nil, "malformed" }, { verify(token .. "=", now) });
	end);

	it("of the REST interface, without exp, is refused by default, and taken where the entry asks for less", function ()
		local text = '{"r":"room-0253","d":"' .. domain .. '","iat":1548722207}';
		local strict, _, key = verify_with(("s"):rep(64));
		assert.same({ nil, "missing-claim" }, { strict(core.sign(key, '{"alg":"HS256","typ":"JWT"}', text), now) });
		local verify, sample_entry = verify_with(("s"):rep(64), { leeway = 0.0, require = { "iat" } });
		local claims = assert(verify(core.sign(key, '{"alg":"HS256","typ":"JWT"}', text), now));
		assert.equal("room-0253", grant_of(claims, sample_entry).room);
	end);

	it("with iat in fractions is taken, also where its age counts", function ()
		local verify, _, key = verify_with(("s"):rep(64), { leeway = 0.0, require = { "exp", "iat" }, max_age = 60 });
		local function token(iat)
			return core.sign(key, '{"alg":"HS256"}', ('{"d":"%s","r":"x","exp":1800000000,"iat":%s}'):format(domain, iat));
		end
		assert.is_table(verify(token("1789999999.743"), now));
		assert.same({ nil, "too-old" }, { verify(token("1789999939.9"), now) });
		assert.same({ nil, "bad-claim" }, { verify(token('"1789999999"'), now) });
		assert.same({ nil, "bad-claim" }, { verify(token("null"), now) });
	end);

	it("with exp in milliseconds is taken for a token of a far future", function ()
		local verify, _, key = verify_with(("s"):rep(64));
		local token = core.sign(key, '{"alg":"HS256"}', ('{"d":"%s","r":"x","exp":1548721569000,"iat":1}'):format(domain));
		assert.is_table(verify(token, now));
		for _, exp in ipairs({ '"1864081538"', "null", "true", "[]" }) do
			local bad = core.sign(key, '{"alg":"HS256"}', ('{"d":"%s","r":"x","exp":%s,"iat":1}'):format(domain, exp));
			assert.same({ nil, "bad-claim" }, { verify(bad, now) });
		end
	end);
end);
