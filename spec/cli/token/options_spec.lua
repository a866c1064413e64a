-- Options that several sub-commands share, spelt and explained in one way.

local parser = require "meetauth.cli.parser";

local server = { "--host", "--config", "--prosody" };
local now = { "--now" };
local keys = { "--secret-file", "--key-file", "--alg", "--weak-secret" };
local asked = { "--jwks-file", "--iss", "--aud", "--typ", "--require", "--max-age", "--leeway" };

-- What each sub-command has of them.
local has = {
	verify = { server, keys, asked, now }; explain = { server, keys, asked, now }; sign = { server, keys, now };
	convert = { server, keys };
	check = { server };
};

local subs = {};
for _, sub in ipairs(parser.new()._commands) do
	subs[sub._name] = {};
	for _, option in ipairs(sub._options) do
		for _, alias in ipairs(option._aliases) do subs[sub._name][alias] = option; end
	end
end

local algorithms = require "meetauth.core".algorithms();

local function parsed(...)
	local ok, args = parser.new():pparse({ ... });
	assert(ok, args);
	return args;
end

describe("shared options", function ()
	for name, groups in pairs(has) do
		it("are all there: " .. name, function ()
			for _, group in ipairs(groups) do
				for _, option in ipairs(group) do assert.is_table(subs[name][option], option); end
			end
		end);
	end

	it("have one explanation, wherever they are, but for what a key is for", function ()
		local same = { "--host", "--config", "--prosody", "--secret-file", "--alg", "--weak-secret", "--require", "--leeway" };
		for _, option in ipairs(same) do
			local about;
			for name, options in pairs(subs) do
				if options[option] and has[name] then
					about = about or options[option]._description;
					assert.equal(about, options[option]._description, name .. " " .. option);
				end
			end
		end
		assert.equal("The file with the key to sign with: PEM or JWK.", subs.sign["--key-file"]._description);
		assert.equal("The file with the key to verify with: PEM or JWK.", subs.verify["--key-file"]._description);
	end);

	it("read a token from standard input, and Debian's configuration, unless told otherwise", function ()
		local args = parsed("verify");
		assert.same({ "-", "/etc/prosody/prosody.cfg.lua" }, { args.file, args.config });
		assert.equal("token.txt", parsed("inspect", "token.txt").file);
	end);

	it("take the name of an algorithm that there is, wherever one is named", function ()
		local found = 0;
		for name, options in pairs(subs) do
			for _, alias in ipairs({ "--alg", "--sign-alg" }) do
				local option = options[alias];
				if option then
					assert.same(algorithms, option._choices, name .. " " .. alias);
					found = found + 1;
				end
			end
		end
		assert.equal(7, found);
		for _, name in ipairs({ "none", "hs256", "RS257" }) do
			local ok, why = parser.new():pparse({ "verify", "--alg", name });
			assert.is_false(ok);
			assert.truthy(why:find("argument for option '--alg' must be one of 'HS256', ", 1, true), why);
		end
	end);

	it("read a moment in either form", function ()
		assert.equal(1709193600, parsed("verify", "--now", "2024-02-29T08:00Z").now);
		assert.equal(1709193600, parsed("sign", "--now", "1709193600").now);
		local ok, why = parser.new():pparse({ "explain", "--now", "tomorrow" });
		assert.same({ false, "--now: expected seconds since 1970, or a time such as 2026-01-31T08:00Z" }, { ok, why });
	end);

	it("may come several times where that means something", function ()
		local args = parsed("verify", "--iss", "a", "--iss", "b", "--aud", "c", "--alg", "RS256", "--alg", "PS256", "--require", "exp");
		assert.same({ { "a", "b" }, { "c" }, { "RS256", "PS256" }, { "exp" } }, { args.iss, args.aud, args.alg, args.require });
	end);
end);
