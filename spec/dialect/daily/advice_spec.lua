-- What a Daily token says of the client alone.

local advice = require "meetauth.dialect.daily.advice";
local core = require "meetauth.core";
local dailyread = require "meetauth.dialect.daily.read";
local permissions = require "meetauth.dialect.daily.permissions";

local function entry(fields)
	local made = { domain_id = "acme", room = "required", user_prefix = "daily:acme:" };
	for name, value in pairs(fields or {}) do made[name] = value; end
	return made;
end

-- What a token gives that has these members, as JSON, beside d and r.
local function grant(members, fields)
	return dailyread.grant(assert(core.decode('{"d":"acme","r":"x"' .. (members and "," .. members or "") .. "}")), entry(fields));
end

local function fates(notes)
	local map = {};
	for _, note in ipairs(notes) do map[note.claim] = note.fate; end
	return map;
end

describe("meetauth.dialect.daily's advice", function ()
	it("is what the token says of the client alone, and nothing where it says nothing", function ()
		assert.is_nil(grant().advisory);
		assert.is_nil(grant('"o":true,"ud":"x","u":"y","ss":true').advisory);
		assert.same({ start_audio_off = true, start_video_off = false, enable_recording_ui = false, lang = "pt-BR",
			close_tab_on_exit = true, start_cloud_recording_opts = { fps = 30 }, send = "v,a" },
			grant('"ao":true,"vo":false,"erui":false,"uil":"pt-BR","ctoe":true,"sro":{"fps":30},"p":{"cs":"a,v"}').advisory);
		assert.same({ receive = { b = false, u = { joe = { v = true } } } },
			grant('"p":{"cr":{"b":false,"u":{"joe":{"v":true}}}}').advisory);
		assert.is_nil(grant('"o":true,"p":{"cs":false,"cr":{"b":false}}').advisory);
	end);

	it("never has the hook", function ()
		assert.is_nil(grant('"mjh":"https://hook.example/"').advisory);
	end);

	local hosts = { "ok.example", "*.sub.example", "XN--upper.example" };
	local targets = {
		["https://ok.example"] = true, ["https://ok.example/"] = true, ["https://OK.example/x?y#z"] = true,
		["https://ok.example?x"] = true,
		["https://a.sub.example/"] = true, ["https://a.b.sub.example/"] = true, ["https://xn--upper.example/"] = true,
		["https://sub.example/"] = false, ["https://.sub.example/"] = false, ["https://evilsub.example/"] = false,
		["https://notok.example/"] = false, ["https://ok.example.evil.example/"] = false, ["https://ok.example@evil.example/"] = false,
		["https://ok.example:8443/"] = false, ["https://ok.example\\@evil.example/"] = false, ["https://ok.example\t/"] = false,
		["http://ok.example/"] = false, ["HTTPS://ok.example/"] = false, ["//ok.example/"] = false, ["ok.example"] = false,
		["javascript:alert(1)//https://ok.example/"] = false, ["myapp://ok.example/"] = false,
		[""] = false, [" https://ok.example/"] = false,
	};
	for url, allowed in pairs(targets) do
		it(("%s %q"):format(allowed and "redirects to" or "does not redirect to", url), function ()
			local claims = { d = "acme", r = "x", rome = url };
			local found = assert(dailyread.grant(claims, entry({ redirect_hosts = hosts })));
			assert.equal(allowed and url or nil, found.advisory and found.advisory.redirect_on_meeting_exit);
			assert.equal(allowed, fates(found.notes).rome == "published");
			assert.is_nil(dailyread.grant({ d = "acme", r = "x", rome = url }, entry()).advisory); -- none by default
		end);
	end

	it("tells that a redirection was dropped, and only then", function ()
		local may = permissions.default();
		for url, dropped in pairs({ ["https://ok.example/"] = false, ["https://evil.example/"] = true }) do
			local advisory, told = advice.of({ rome = url }, may, hosts);
			assert.equal(dropped, told);
			assert.equal(dropped, advisory == nil);
		end
		assert.same({ nil, false }, { advice.of({}, may, hosts) });
	end);

	it("is a language that fits to be shown", function ()
		for given, shown in pairs({ ["pt-BR"] = "pt-BR", ["e\u{202e}n\n"] = "en", [("x"):rep(99)] = ("x"):rep(16) }) do
			assert.equal(shown, (advice.of({ uil = given }, permissions.default(), {})).lang);
		end
	end);

	it("is the client's own copy of a recording's options", function ()
		local given = { layout = { preset = "x" } };
		local advisory = advice.of({ sro = given }, permissions.default(), {});
		given.layout.preset = "y";
		assert.same({ layout = { preset = "x" } }, advisory.start_cloud_recording_opts);
	end);
end);
