local growth = require "spec.support.growth";
local policy = require "meetauth.policy";
local roomlist = require "meetauth.roomlist";

local long = ("x"):rep(129);

local lists = {
	{ "a name", { "standup" }, opens = { "standup" }, not_ = { "standup2", "stand", "[acme]standup", "" } };
	{ "a glob", { "lobby-*" }, opens = { "lobby-", "lobby-1" }, not_ = { "lobby", "my-lobby-1", "[acme]lobby-1" } };
	{ "one of several", { "a", "b-?" }, opens = { "a", "b-1" }, not_ = { "b-", "b-12", "c" } };
	{ "upper case", { "Lobby-*" }, opens = { "lobby-1" }, not_ = { "x" } };
	{ "everything plain", { "*" }, opens = { "x", "x-y", "[" }, not_ = { "[acme]x" } };
	{ "a suffix, which a tenant's name cannot give", { "*-open" }, opens = { "a-open" }, not_ = { "[acme]a-open" } };
	{ "a tenant's rooms", { "[acme]x-*" }, opens = { "[acme]x-1" }, not_ = { "x-1", "[other]x-1", "[acme]y", "[acmex]x-1" } };
	{ "the rooms of every tenant", { "[*]x" }, opens = { "[acme]x", "[other]x" }, not_ = { "x" } };
	{ "characters of Lua patterns", { "a.b%d+" }, opens = { "a.b%d+" }, not_ = { "axb1", "a.b1" } };
	{ "a name as it is encoded in the address", { "café*" }, opens = { "caf%c3%a9", "caf%c3%a9-1" }, not_ = { "cafe" } };
	{ "the tenant's own, by name", { "lobby-*" }, tenant = "acme", opens = { "[acme]lobby-1" },
		not_ = { "[acme]x", "lobby-1", "[other]lobby-1" } };
	{ "the tenant's own, named whole", { "[acme]lobby-*" }, tenant = "acme", opens = { "[acme]lobby-1" },
		not_ = { "[acme]x", "lobby-1" } };
	{ "another tenant's, which are not its own", { "[other]*" }, tenant = "acme", opens = {},
		not_ = { "[other]x", "[acme]x", "x" } };
};

describe("meetauth.roomlist", function ()
	local site = { base = "meet.example", nfkc = function (s) return s; end, fold = string.lower };

	-- The widest tokens that there are: what holds them back is the entry alone.
	local function enters(case, node)
		local grant = { dialect = "jitsi", domain = "*", check_domain = true, room = "*", owner = "granted",
			tenant = case.tenant, rooms = case[2] };
		local decision, reason = policy.enter(grant, { node = node }, site, 0);
		assert.is_true(decision ~= nil or reason == "room-mismatch" or reason == "invalid-room-address", reason);
		return decision ~= nil;
	end

	for _, case in ipairs(lists) do
		it("opens by " .. case[1], function ()
			for _, node in ipairs(case.opens) do assert.is_true(enters(case, node), node); end
			for _, node in ipairs(case.not_) do assert.is_false(enters(case, node), node); end
		end);
	end

	it("takes away only: the token's room counts as before", function ()
		local grant = { dialect = "jitsi", domain = "*", check_domain = true, room = "lobby-1", rooms = { "lobby-*" } };
		assert.is_table(policy.enter(grant, { node = "lobby-1" }, site, 0));
		assert.same({ nil, "room-mismatch" }, { policy.enter(grant, { node = "lobby-2" }, site, 0) });
	end);

	it("knows what is too long for a glob", function ()
		for text, fits in pairs({ ["*"] = true, [long:sub(1, 128)] = true, [long] = false, ["[" .. long .. "]x"] = false,
			["[x]" .. long] = false }) do
			assert.equal(fits, roomlist.is_glob(text), text);
		end
	end);

	it("needs a time that grows as the name does, whatever the globs #growth", function ()
		local globs = { ("*a"):rep(60) .. "b" };
		assert.is_true(growth.is_linear(function (name) assert.is_false(roomlist.has(globs, nil, nil, name)); end,
			function (size) return ("a"):rep(size // 60); end));
	end);
end);
