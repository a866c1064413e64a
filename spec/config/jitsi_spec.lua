-- Jitsi's own options: what they become, with their defaults and edges, and what the operator is told of them.

local secret_of = require "spec.support.secret";
local hostconfig = require "meetauth.config.host";

local SECRET = secret_of("s");

-- Read a host with these options beside app_id and app_secret; "absent" leaves one of those out.
local function read(options)
	local all = { app_id = "portal", app_secret = SECRET };
	for name, value in pairs(options or {}) do all[name] = value; end
	for name, value in pairs(all) do
		if value == "absent" then all[name] = nil; end
	end
	return hostconfig.read(function (name) return all[name]; end);
end

local function entry(options)
	local host, problems = read(options);
	assert.is_table(host, problems and table.concat(problems, "; "));
	return host.jitsi_entry, host;
end

local problems = {
	{ name = "a key server over plain http", options = { asap_key_server = "http://keys.example" },
		says = "asap_key_server: found \"http://keys.example\"" };
	{ name = "a key server and a secret's algorithm", says = "signature_algorithm: found \"HS512\"",
		options = { cache_keys_url = "https://keys.example/jwks", signature_algorithm = "HS512" } };
	{ name = "no secret", options = { app_secret = "absent" }, says = "app_secret: found nil" };
	{ name = "no app_id", options = { app_id = "absent" }, says = "app_id: found nil" };
	{ name = "an empty secret", options = { app_secret = "" }, says = "app_secret: found a string of 0 bytes" };
	{ name = "a secret under 16 bytes", options = { app_secret = secret_of("s", 15) }, says = "weak-secret" };
	{ name = "a PEM public key as a secret", says = "not-secret",
		options = { app_secret = "-----BEGIN PUBLIC KEY-----\nx\n-----END PUBLIC KEY-----" } };
	{ name = "no PEM where one is due", options = { signature_algorithm = "RS256" }, says = "app_secret" };
	{ name = "an algorithm that does not exist", options = { signature_algorithm = "none" }, says = "found \"none\"" };
	{ name = "issuers of a wrong type", options = { asap_accepted_issuers = 7 }, says = "asap_accepted_issuers: found 7" };
	{ name = "a switch as a word", options = { allow_empty_token = "true" },
		says = "allow_empty_token: found \"true\", expected true or false" };
	{ name = "an expiry that is none", options = { meetauth_on_expiry = "eject" }, says = "meetauth_on_expiry: found \"eject\"" };
	{ name = "a grace below nothing", options = { meetauth_reconnect_grace = -1 }, says = "meetauth_reconnect_grace: found -1" };
	{ name = "parameters that are no list", options = { meetauth_query_params = 1 }, says = "meetauth_query_params: found 1" };
};

describe("meetauth.config.host, Jitsi's options", function ()
	it("have Jitsi's defaults", function ()
		local made, host = entry();
		assert.same({ "portal" }, made.issuer);
		assert.same({ "HS256" }, made.algorithms);
		assert.same({ portal = true }, made.asked.issuer);
		assert.is_nil(made.asked.audience);
		assert.equal("required", made.room);
		assert.is_true(made.domain_verification);
		assert.is_false(host.allow_empty_token);
		assert.equal("ignore", made.on_expiry);
		assert.equal(0, host.meetauth_reconnect_grace);
		assert.equal("x_proxy_region", host.region_header);
		assert.same({ token = true }, host.token_parameters);
	end);

	it("name issuers and audiences, each as one or as a list", function ()
		assert.same({ chat = true }, entry({ asap_accepted_issuers = "chat" }).asked.issuer);
		assert.same({ a = true, b = true }, entry({ asap_accepted_issuers = { "a", "b" } }).asked.issuer);
		assert.same({ x = true }, entry({ asap_accepted_audiences = { "x" } }).asked.audience);
	end);

	it("accept any issuer or audience where a star is among them", function ()
		assert.is_nil(entry({ asap_accepted_issuers = { "a", "*" } }).asked.issuer);
		assert.is_nil(entry({ asap_accepted_audiences = { "*" } }).asked.audience);
	end);

	it("do not ask for a room, or a domain", function ()
		local made = entry({ asap_require_room_claim = false, enable_domain_verification = false });
		assert.equal("tenant", made.room);
		assert.is_false(made.domain_verification);
	end);

	it("accept working secrets that are short, with a warning", function ()
		for _, bytes in ipairs({ 16, 18, 31 }) do
			local _, host = entry({ app_secret = secret_of("s", bytes) });
			assert.equal(1, #host.warnings);
			assert.matches("^app_secret: found " .. bytes .. " bytes", host.warnings[1]);
		end
		local _, host = entry();
		assert.same({}, host.warnings);
	end);

	it("accept shorter ones only where that is asked for", function ()
		local _, host = entry({ app_secret = "short", meetauth_weak_secrets = true });
		assert.matches("^app_secret: found 5 bytes", host.warnings[1]);
	end);

	it("warn where guests are let in", function ()
		local _, host = entry({ allow_empty_token = true });
		assert.matches("^allow_empty_token: ", host.warnings[1]);
	end);

	it("may name no parameter, or several", function ()
		local _, host = entry({ meetauth_query_params = {} });
		assert.same({}, host.token_parameters);
		_, host = entry({ meetauth_query_params = { "jwt", "t" } });
		assert.same({ jwt = true, t = true }, host.token_parameters);
	end);

	it("call the region's header as Prosody does", function ()
		local _, host = entry({ region_header_name = "X-Proxy-REGION" });
		assert.equal("x_proxy_region", host.region_header);
	end);

	it("have a key for their algorithm", function ()
		for _, alg in ipairs({ "HS256", "HS384", "HS512" }) do
			local made = entry({ signature_algorithm = alg, app_secret = secret_of("s", 64) });
			assert.equal(alg, made.inline[1].key:alg());
		end
	end);

	it("name key servers; app_secret is then not looked at", function ()
		local made = entry({ app_secret = "x", asap_key_server = "https://keys.example",
			cache_keys_url = "https://keys.example/jwks" });
		assert.same({ "RS256" }, made.algorithms);
		assert.same({}, made.inline);
		assert.same({ { kind = "asap_url", at = "https://keys.example", label = "asap_key_server", entry = "portal" },
			{ kind = "cache_keys_url", at = "https://keys.example/jwks", label = "cache_keys_url", entry = "portal" } },
			made.sources);
	end);

	it("name a key server's issuers in place of app_id", function ()
		local made = entry({ app_id = "absent", cache_keys_url = "https://keys.example/", asap_accepted_issuers = { "sso" },
			signature_algorithm = "ES256" });
		assert.same({ "sso", { "ES256" } }, { made.id, made.algorithms });
	end);

	for _, case in ipairs(problems) do
		it("are refused with " .. case.name, function ()
			local host, found = read(case.options);
			assert.is_nil(host);
			assert.is_truthy(table.concat(found, "\n"):find(case.says, 1, true), table.concat(found, "\n"));
		end);
	end
end);

-- The lines about a host with these options, beside those about app_id and app_secret, which every case has.
local function lines(options)
	local all = { app_id = "portal", app_secret = SECRET };
	for name, value in pairs(options) do all[name] = value; end
	local host, wrong = hostconfig.read(function (name) return all[name]; end);
	assert(host, wrong and table.concat(wrong, "; "));
	local said = host.understood;
	assert.equal('app_id: understood as id and issuer of the entry "portal"', table.remove(said, 1));
	assert.equal('app_secret: understood as key of the entry "portal"', table.remove(said, 1));
	return said;
end

local of_entry = ' of the entry "portal"';

local told = {
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
	{ { jwt_pubkey_cache_size = 128 }, "jwt_pubkey_cache_size: not used. meetauth stores at most 128 keys of a key server" };
};
for _, name in ipairs({ "asap_ttl", "asap_ttl_threshold", "asap_issuer", "asap_audience", "asap_key_id", "asap_key_path" }) do
	told[#told + 1] = { { [name] = "x" }, name .. ": used by Jitsi's modules that sign tokens themselves" };
end

describe("what became of Jitsi's options", function ()
	it("is told with the name of the entry, also where its issuers alone give it one", function ()
		local options = { asap_key_server = "https://keys.example", asap_accepted_issuers = { "accepted" } };
		assert.same({
			'asap_key_server: understood as asap_url of the entry "accepted"',
			'asap_accepted_issuers: understood as issuer of the entry "accepted"',
		}, assert(hostconfig.read(function (name) return options[name]; end)).understood);
	end);

	for _, case in ipairs(told) do
		it("are told: " .. (case[2] or "nothing of others"), function () assert.same({ case[2] }, lines(case[1])); end);
	end

	it("are told one by one, and nothing else is", function ()
		assert.same({
			"asap_require_room_claim: understood as room = \"tenant\" of the entry \"portal\"",
			"jwt_pubkey_cache_size: not used. meetauth stores at most 128 keys of a key server",
		}, lines({ asap_require_room_claim = false, jwt_pubkey_cache_size = 128, unknown = true }));
	end);

	it("are told without a secret, whole or in part", function ()
		for _, line in ipairs(lines({ signature_algorithm = "HS256" })) do assert.is_nil(line:find("sss", 1, true)); end
	end);

	it("that make no entry are told all the same", function ()
		local options = { allow_empty_token = true, asap_key_id = "k",
			meetauth_issuers = { { issuer = "other", secret = SECRET } } };
		local host = assert(hostconfig.read(function (name) return options[name]; end));
		assert.same({ "allow_empty_token: understood: guests are let in",
			"asap_key_id: used by Jitsi's modules that sign tokens themselves" }, host.understood);
	end);
end);
