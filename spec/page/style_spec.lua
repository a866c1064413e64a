local style = require "meetauth.page.style";

describe("meetauth.page.style", function ()
	it("is the style sheet beside it", function ()
		local file = assert(io.open("lua/meetauth/page/style.css", "rb"));
		assert.equal(file:read("a"), style.text);
		file:close();
	end);

	it("takes nothing from elsewhere", function ()
		assert.is_nil(style.text:find("url(", 1, true));
		assert.is_nil(style.text:find("@import", 1, true));
		assert.is_nil(style.text:find("//", 1, true));
	end);
end);
