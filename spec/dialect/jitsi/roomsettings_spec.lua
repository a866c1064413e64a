--- What a token says of a room itself.

local core = require "meetauth.core";
local roomsettings = require "meetauth.dialect.jitsi.roomsettings";

-- { context.room, what it says }, or { context.room, nil, the member that does not fit }
local cases = {
	{ "{}", nil };
	{ '{"regex":true,"x":{}}', nil };
	{ '{"lobby":true}', { lobby = true } };
	{ '{"lobby":false}', { lobby = false } };
	{ '{"lobby":"true"}', { lobby = true } };
	{ '{"lobby":"false"}', { lobby = false } };
	{ '{"lobby":null,"password":null,"max_occupants":null,"duration":null}', nil };
	{ '{"lobby":1}', nil, "lobby" };
	{ '{"lobby":"yes"}', nil, "lobby" };
	{ '{"lobby":{}}', nil, "lobby" };
	{ '{"password":"open sesame"}', { password = "open sesame" } };
	{ '{"password":""}', { password = "" } };
	{ '{"password":"pässwörd"}', { password = "pässwörd" } };
	{ ('{"password":"%s"}'):format(("x"):rep(256)), { password = ("x"):rep(256) } };
	{ ('{"password":"%s"}'):format(("x"):rep(257)), nil, "password" };
	{ [[{"password":"a\u0000b"}]], nil, "password" };
	{ [[{"password":"a\nb"}]], nil, "password" };
	{ [[{"password":"a\u202eb"}]], nil, "password" };
	{ '{"password":7}', nil, "password" };
	{ '{"password":["x"]}', nil, "password" };
	{ '{"max_occupants":2}', { max_occupants = 2 } };
	{ '{"max_occupants":2.0}', { max_occupants = 2 } };
	{ '{"max_occupants":0}', nil, "max_occupants" };
	{ '{"max_occupants":-1}', nil, "max_occupants" };
	{ '{"max_occupants":2.5}', nil, "max_occupants" };
	{ '{"max_occupants":"2"}', nil, "max_occupants" };
	{ '{"duration":3600}', { duration = 3600 } };
	{ '{"duration":2147483647}', { duration = 2147483647 } };
	{ '{"duration":2147483648}', nil, "duration" };
	{ '{"duration":1e300}', nil, "duration" };
	{ '{"duration":0}', nil, "duration" };
	{ '{"duration":0.5}', nil, "duration" };
	{ '{"duration":true}', nil, "duration" };
	{ '{"lobby":true,"password":"x","max_occupants":9,"duration":60}',
		{ lobby = true, password = "x", max_occupants = 9, duration = 60 } };
};

describe("meetauth.dialect.jitsi.roomsettings", function ()
	for _, case in ipairs(cases) do
		it("reads " .. case[1]:sub(1, 60), function ()
			local found, wrong, expected = roomsettings.of(assert(core.decode(case[1])));
			assert.same(case[2], found);
			assert.equal(case[3], wrong);
			assert.equal(case[3] ~= nil, expected ~= nil);
		end);
	end
end);
