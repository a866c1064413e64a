--- What a bearer may send, in words and in media.

local core = require "meetauth.core";
local sending = require "meetauth.dialect.jitsi.sending";

-- { words, media as told, p.cs }
local cases = {
	{ {}, "", false };
	{ { "audio" }, "a,ca", "a" };
	{ { "video", "audio" }, "v,a,cv,ca", "a,v" };
	{ { "screen" }, "sv,sa", "sv,sa" };
	{ { "audio", "audio" }, "a,ca", "a" };
	{ { "audio", "video", "screen" }, nil, nil };
};

local wrong = {
	'"audio"', "true", "7", '["Audio"]', '["audio",1]', '["audio",null]', '[["audio"]]', '{"audio":true}', '{"0":"audio"}',
};

describe("meetauth.dialect.jitsi.sending", function ()
	for _, case in ipairs(cases) do
		it("knows " .. table.concat(case[1], " and "), function ()
			local set = sending.of(case[1]);
			assert.same(set, sending.read(case[1]));
			assert.equal(case[2], sending.text(set));
			assert.equal(case[3], sending.cs(case[1]));
			assert.same(set, sending.of(sending.words(set)));
			assert.same(case[1], sending.kind.read(case[1]));
		end);
	end

	it("reads a list of its words, and nothing else", function ()
		for _, value in ipairs(wrong) do assert.is_nil(sending.read(core.decode("[" .. value .. "]")[1]), value); end
		assert.same({}, sending.read(core.decode("[[]]")[1]));
	end);

	it("takes one word of an operator for a list, and none that it does not know", function ()
		assert.same({ "audio" }, sending.kind.read("audio"));
		for _, value in ipairs({ "sound", true, { "audio", "sound" }, { audio = true } }) do
			assert.is_nil((sending.kind.read(value)));
		end
	end);
end);
