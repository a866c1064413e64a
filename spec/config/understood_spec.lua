-- What Jitsi's own options became, told to the operator: a line for each that is set.

local config = require "meetauth.config.host";

local secret = ("s"):rep(32);

-- The lines about a host with these options, beside those about app_id and app_secret, which every case has.
local function lines(options)
	local all = { app_id = "portal", app_secret = secret };
	for name, value in pairs(options) do all[name] = value; end
	local host, problems = config.read(function (name) return all[name]; end);
	assert(host, problems and table.concat(problems, "; "));
	local told = host.understood;
	assert.equal('app_id: understood as id and issuer of the entry "portal"', table.remove(told, 1));
	assert.equal('app_secret: understood as key of the entry "portal"', table.remove(told, 1));
	return told;
end

local of_entry = ' of the entry "portal"';

local cases = {
	{ { unknown = true, meetauth_leeway = 5 } };
	{ { signature_algorithm = "HS256" }, "signature_algorithm: understood as algorithms" .. of_entry };
	{ { asap_key_server = "https://keys.example" }, "asap_key_server: understood as asap_url" .. of_entry };
	{ { cache_keys_url = "https://keys.example/jwks" }, "cache_keys_url: understood as cache_keys_url" .. of_entry };
	{ { asap_accepted_issuers = { "a", "b" } }, "asap_accepted_issuers: understood as issuer" .. of_entry };
	{ { asap_accepted_audiences = "x" }, "asap_accepted_audiences: understood as audience" .. of_entry };
	{ { asap_require_room_claim = false }, 'asap_require_room_claim: understood as room = "tenant"' .. of_entry };
	{ { asap_require_room_claim = true }, 'asap_require_room_claim: understood as room = "required"' .. of_entry };
	{ { enable_domain_verification = false },
		"enable_domain_verification: understood as domain_verification = false" .. of_entry };
	{ { allow_empty_token = true }, "allow_empty_token: understood: guests are let in" };
	{ { allow_empty_token = false }, "allow_empty_token: understood: guests are refused" };
	{ { region_header_name = "X-Proxy-Region" }, 'region_header_name: understood as the header "x_proxy_region"' };
	{ { jwt_pubkey_cache_size = 128 }, "jwt_pubkey_cache_size: has no use here: at most 128 keys of a key server are kept" };
};
for _, name in ipairs({ "asap_ttl", "asap_ttl_threshold", "asap_issuer", "asap_audience", "asap_key_id", "asap_key_path" }) do
	cases[#cases + 1] = { { [name] = "x" }, name .. ": left to Jitsi's modules that sign tokens of their own" };
end

describe("Jitsi's options", function ()
	for _, case in ipairs(cases) do
		it("are told: " .. (case[2] or "nothing of others"), function () assert.same({ case[2] }, lines(case[1])); end);
	end

	it("are told one by one, and nothing else is", function ()
		assert.same({
			"asap_require_room_claim: understood as room = \"tenant\" of the entry \"portal\"",
			"jwt_pubkey_cache_size: has no use here: at most 128 keys of a key server are kept",
		}, lines({ asap_require_room_claim = false, jwt_pubkey_cache_size = 128, unknown = true }));
	end);

	it("are told without a secret, whole or in part", function ()
		for _, line in ipairs(lines({ signature_algorithm = "HS256" })) do assert.is_nil(line:find("sss", 1, true)); end
	end);

	it("are told with the name of the entry, also where its issuers alone give it one", function ()
		local options = { asap_key_server = "https://keys.example", asap_accepted_issuers = { "accepted" } };
		assert.same({
			'asap_key_server: understood as asap_url of the entry "accepted"',
			'asap_accepted_issuers: understood as issuer of the entry "accepted"',
		}, assert(config.read(function (name) return options[name]; end)).understood);
	end);

	it("that make no entry are told all the same", function ()
		local options = { allow_empty_token = true, asap_key_id = "k",
			meetauth_issuers = { { issuer = "other", secret = secret } } };
		local host = assert(config.read(function (name) return options[name]; end));
		assert.same({ "allow_empty_token: understood: guests are let in",
			"asap_key_id: left to Jitsi's modules that sign tokens of their own" }, host.understood);
	end);
end);
