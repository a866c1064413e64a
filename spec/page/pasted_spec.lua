local meetauth = require "meetauth";
local pasted = require "meetauth.page.pasted";

local token = meetauth.sign(meetauth.key({ alg = "HS256", secret = ("s"):rep(32) }), { iss = "portal" });

describe("meetauth.page.pasted", function ()
	it("takes a token as it is", function ()
		assert.same({ token = token }, pasted.of(token));
	end);

	it("says what was taken off, why the server refuses the bytes as they came, and what to write", function ()
		local of = pasted.of("https://meet.example/standup?jwt=" .. token);
		assert.same({ token, { "link" }, "malformed" }, { of.token, of.names, of.reason });
		local row = pasted.row(of);
		assert.same({ "pasted", "fail", "malformed", "the token alone", of.says },
			{ row.check, row.verdict, row.reason, row.expected, row.found });
		assert.equal(of.says .. ". Write only the text after jwt= or token= in it, as in token=eyJ…", row.hint);
	end);
end);
