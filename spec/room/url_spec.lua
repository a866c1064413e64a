local url = require "meetauth.room.url";

describe("where people open a room", function ()
	it("has the names of the host and the room in their places", function ()
		assert.equal("https://meet.example/standup", url.of("https://HOST/ROOM", "meet.example", nil, "standup"));
		assert.equal("https://video.example/m/?room=standup", url.of("https://video.example/m/?room=ROOM", "-", nil, "standup"));
	end);

	it("has a tenant's room in the tenant's folder", function ()
		assert.equal("https://meet.example/acme/standup", url.of("https://HOST/ROOM", "meet.example", "acme", "standup"));
	end);

	it("takes the signs of a name as they are", function ()
		assert.equal("https://meet.example/caf%c3%a9", url.of("https://HOST/ROOM", "meet.example", nil, "caf%c3%a9"));
	end);

	it("takes a token in its query, beside what is there", function ()
		assert.equal("https://meet.example/standup?jwt=a.b.c", url.with_token("https://meet.example/standup", "a.b.c"));
		assert.equal("https://meet.example/?room=standup&jwt=a.b.c", url.with_token("https://meet.example/?room=standup", "a.b.c"));
	end);
end);
