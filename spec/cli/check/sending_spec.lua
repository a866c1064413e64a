--- meetauth check on what bearers may send: whether AV moderation keeps the rest back.

local checked = require "spec.support.checked";
local command = require "spec.support.command";

local bound = { 'issuer = "portal"', '%0, may_send = { "audio" }' };
local component = { 'Component "lobby', 'Component "avmoderation.meet.example" "av_moderation_component"\n'
	.. '\tmuc_component = "conference.meet.example"\n%0' };

-- Edits of a configuration in which all is well: { pattern, text in its place }. 'line': what is then said, its beginning
-- and more of it; 'status': 1 unless said.
local cases = {
	{ name = "a bound that nobody keeps", edit = bound,
		line = { "warn  meet.example sending: portal: may_send is published only, and nothing enforces it",
			'-> add Component "avmoderation.meet.example" "av_moderation_component" with muc_component = "conference.meet.example"' } },
	{ name = "a bound that is kept", edit = bound, also = component, status = 0,
		line = { "ok    meet.example sending: AV moderation enforces what a user must not send" } },
	{ name = "AV moderation of other rooms", edit = bound, also = { component[1], (component[2]:gsub("conference", "other")) },
		line = { "warn  meet.example sending: portal: may_send is published only" } },
	{ name = "no bound", edit = component, status = 0,
		line = { "ok    meet.example sending: AV moderation enforces what a user must not send" } },
};

for _, at in ipairs(checked.places()) do
	describe("check of sending, with Prosody " .. at.version .. " #command", at.is_there and function ()
		setup(function () at:prepare(); end);
		teardown(command.clean);

		for _, case in ipairs(cases) do
			it("finds " .. case.name, function () at:finds(case); end);
		end
	end or function ()
		pending("is run where Prosody " .. at.version .. " is unpacked in build/");
	end);
end
