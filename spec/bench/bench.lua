--- make bench: ratios, each pair measured in alternating slices of this one run.
-- Exit status 1 where a ratio is over its limit.

local cjson = require "cjson";
local meetauth = require "meetauth";
local fixtures = require "spec.bench.fixtures";
local floor = require "floor";
local paired = require "spec.bench.paired";
local peers = require "spec.bench.peers";

local QUICK = { slice = 0.004, slices = 101 };
local SLOW = { slice = 0.15, slices = 11 };  -- under a collector whose cycles are long
local BALLAST = 20; -- MB of live tables, as in a busy server

local short = 0;

local function line(limit, value, fmt, ...)
	local fine = not limit or value <= limit;
	if not fine then short = short + 1; end
	print((limit and (fine and "ok    " or "SHORT ") or "      ") .. fmt:format(...));
end

local function ratio_line(what, ratio, limit)
	line(limit, ratio.median, "%-44s %6.2f  (%.2f to %.2f)%s   %.2f / %.2f us", what, ratio.median, ratio.low, ratio.high,
		limit and ("  limit %.2f"):format(limit) or "             ", ratio.ours * 1e6, ratio.theirs * 1e6);
end

local function asked(set)
	if set.dialect == "jitsi" then return fixtures.issuer, fixtures.audience; end
	return nil, nil;
end

local function ours(set, remember)
	local key = set.key;
	if remember then key = assert(meetauth.key({ alg = set.alg, public = set.public, remember = remember })); end
	local iss, aud = asked(set);
	local verify = meetauth.verifier({ keys = { key }, algorithms = { set.alg }, issuer = iss, audience = aud });
	local time = os.time;
	return function (token) return verify(token, time()); end;
end

-- Nothing is measured that does not accept the good tokens and refuse a forged one.
local function checked(name, verify, set)
	for _, token in ipairs(set.tokens) do
		assert(verify(token), name .. " refused a good token");
	end
	assert(not verify(set.forged), name .. " accepted a forged token");
	return verify;
end

local function floor_of(set)
	return checked("the floor", floor.verifier(set.alg, set.public, cjson.decode, set.header_text, asked(set)), set);
end

local sets = {};
local function set_of(dialect, alg)
	local name = dialect .. " " .. alg;
	sets[name] = sets[name] or fixtures.make(dialect, alg);
	return sets[name];
end

local limits = {
	{ "jitsi", "HS256", 0.90 }, { "daily", "HS256", 0.90 }, { "jitsi", "RS256", 1.00 }, { "jitsi", "PS256", 1.00 },
	{ "jitsi", "ES256", 1.03 }, { "jitsi", "EdDSA", 1.03 },
};

local function verification()
	print(("Verification over the floor (tokens of %d and %d bytes under HS256)"):format(
		#set_of("jitsi", "HS256").tokens[1], #set_of("daily", "HS256").tokens[1]));
	for _, row in ipairs(limits) do
		local set = set_of(row[1], row[2]);
		local verify = checked("meetauth", ours(set), set);
		ratio_line(row[1] .. " " .. row[2], paired.ratio(verify, floor_of(set), set.tokens, QUICK), row[3]);
	end
end

local function refusal()
	print("A forged signature over an accepted token");
	for _, row in ipairs({ { "HS256", 0.5 }, { "RS256", 0.9 } }) do
		local set = set_of("jitsi", row[1]);
		local verify = ours(set);
		local function refuse() return verify(set.forged); end
		ratio_line("jitsi " .. row[1], paired.ratio(refuse, verify, set.tokens, QUICK), row[2]);
	end
end

local function others()
	print("Verification over what Debian ships");
	for _, name in ipairs({ "luaossl", "util.jwt" }) do
		for _, row in ipairs({ { "jitsi", "HS256" }, { "daily", "HS256" }, { "jitsi", "RS256" } }) do
			local set = set_of(row[1], row[2]);
			local found, verify = pcall(peers[name], set, asked(set));
			if found and verify then
				checked(name, verify, set);
				ratio_line(("%s %s, %s"):format(row[1], row[2], name), paired.ratio(ours(set), verify, set.tokens, QUICK));
			end
		end
	end
end

local function signing()
	print("Signing over its floor (cjson.encode, one prepared operation, base64url)");
	for _, row in ipairs({ { "jitsi", "HS256", 1.30 }, { "daily", "HS256", 1.30 }, { "jitsi", "RS256", 1.05 },
			{ "jitsi", "ES256", 1.05 }, { "jitsi", "EdDSA", 1.05 } }) do
		local set = set_of(row[1], row[2]);
		local bare = floor.signer(set.alg, set.private, cjson.encode, set.header_text);
		assert(ours(set)(bare(set.claims[1])), "the floor signs what nobody accepts");
		local function sign(claims) return meetauth.sign(set.signer, claims); end
		ratio_line(row[1] .. " " .. row[2], paired.ratio(sign, bare, set.claims, QUICK), row[3]);
	end
end

local function repeated()
	print("The same 64 tokens again, signatures remembered, over not remembered");
	for _, alg in ipairs({ "RS256", "ES256", "EdDSA" }) do
		local set = set_of("jitsi", alg);
		ratio_line("jitsi " .. alg, paired.ratio(checked("meetauth", ours(set, 1024), set), ours(set), set.tokens, QUICK));
	end
end

local function memory()
	print("Memory of one verification under HS256");
	for _, row in ipairs({ { "jitsi", 1331 }, { "daily", 461 } }) do -- 1.3 KB and 0.45 KB
		local set = set_of(row[1], "HS256");
		local verify = ours(set);
		for _, token in ipairs(set.tokens) do verify(token); end
		collectgarbage();
		collectgarbage();
		collectgarbage("stop");
		local before, calls = collectgarbage("count"), floor.heap();
		for _, token in ipairs(set.tokens) do verify(token); end
		local bytes = (collectgarbage("count") - before) * 1024 / #set.tokens;
		local calls_each = calls and (floor.heap() - calls) / #set.tokens;
		collectgarbage("restart");
		line(row[2], bytes, "%-44s %6.0f  limit %d", row[1] .. ", bytes of Lua heap", bytes, row[2]);
		if calls then line(20, calls_each, "%-44s %6.1f  limit 20", row[1] .. ", heap calls", calls_each); end
	end
end

local function resident()
	local f = assert(io.open("/proc/self/statm"));
	local pages = select(2, f:read("n", "n"));
	f:close();
	return pages * 4;
end

local function growth()
	print("Growth over a million verifications");
	local set = set_of("daily", "HS256");
	local verify, n = ours(set), #set.tokens;
	local function go(times)
		for i = 1, times do verify(set.tokens[i % n + 1]); end
		collectgarbage();
		collectgarbage();
		local _, bytes = floor.heap();
		return bytes, resident();
	end
	local bytes, pages = go(100000);
	local bytes_after, pages_after = go(1000000);
	if bytes then line(4096, bytes_after - bytes, "%-44s %6d  limit 4096", "bytes of heap", bytes_after - bytes); end
	line(256, pages_after - pages, "%-44s %6d  limit 256", "KiB resident", pages_after - pages);
end

local ballast = {};

local function server()
	print(("Under Prosody's collector settings, %d MB live"):format(BALLAST));
	collectgarbage("incremental", 105, 500);
	local want = collectgarbage("count") + 1024 * BALLAST;
	while collectgarbage("count") < want do
		local i = #ballast + 1;
		ballast[i] = { id = "session" .. i, host = "meet.example.org", type = "c2s", roster = { versions = i }, features = { i } };
	end
	for _, dialect in ipairs({ "jitsi", "daily" }) do
		local set = set_of(dialect, "HS256");
		ratio_line(dialect .. " HS256", paired.ratio(ours(set), floor_of(set), set.tokens, SLOW), 0.80);
	end
end

print(("meetauth %s, %s, OpenSSL %s; ratio (quartiles), quickest slices of both"):format(
	meetauth._VERSION, _VERSION, require "meetauth.core".openssl));
for _, part in ipairs({ verification, refusal, others, signing, repeated, memory, growth, server }) do part(); end
os.exit(short == 0);
