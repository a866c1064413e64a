local core = require "meetauth.core";
local recording = require "meetauth.dialect.daily.recording";

-- er as JSON: what is in it for a server, its cloud, a browser; words that are no mode; nil: it is none at all.
local cases = {
	{ '"cloud"', { server = true, cloud = true, browser = false }, {} };
	{ '"cloud-audio-only"', { server = true, cloud = false, browser = false }, {} };
	{ '"raw-tracks"', { server = true, cloud = false, browser = false }, {} };
	{ '"rtp-tracks"', { server = true, cloud = false, browser = false }, {} };
	{ '"local"', { server = false, cloud = false, browser = true }, {} };
	{ '"output-byte-stream"', { server = false, cloud = false, browser = true }, {} };
	{ "[]", { server = false, cloud = false, browser = false }, {} };
	{ '["local","cloud"]', { server = true, cloud = true, browser = true }, {} };
	{ '["cloud","cloud"]', { server = true, cloud = true, browser = false }, {} };
	{ '"vhs"', { server = false, cloud = false, browser = false }, { "er:vhs" } };
	{ '"Cloud"', { server = false, cloud = false, browser = false }, { "er:Cloud" } };
	{ '["cloud","vhs","beta"]', { server = true, cloud = true, browser = false }, { "er:vhs", "er:beta" } };
	{ "true", nil, {} }; { "1", nil, {} }; { "null", nil, {} }; { "{}", nil, {} }; { '["cloud",1]', nil, {} };
	{ '[["cloud"]]', nil, {} };
};

describe("meetauth.dialect.daily.recording", function ()
	for _, case in ipairs(cases) do
		it(("%s %s"):format(case[2] and "reads" or "refuses", case[1]), function ()
			local unknown = {};
			assert.same(case[2], recording.read(core.decode(case[1]), unknown) or nil);
			assert.same(case[3], unknown);
		end);
	end

	it("knows each mode by its name, and no other word", function ()
		for _, mode in ipairs({ "cloud", "cloud-audio-only", "raw-tracks", "rtp-tracks", "local", "output-byte-stream" }) do
			assert.is_true(recording.is_mode(mode), mode);
		end
		for _, word in ipairs({ "", "Cloud", "cloud ", "vhs", "server" }) do assert.is_false(recording.is_mode(word), word); end
	end);

	it("takes an operator's list as a token's", function ()
		assert.same({ server = true, cloud = true, browser = false }, recording.of({ "raw-tracks", "cloud" }, {}));
	end);
end);
