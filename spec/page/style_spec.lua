local style = require "meetauth.page.style";

describe("meetauth.page.style", function ()
	it("is the style sheet beside it", function ()
		local file = assert(io.open("lua/meetauth/page/style.css", "rb"));
		assert.equal(file:read("a"), style.read());
		file:close();
	end);

	it("weighs less than 60 KB, with all that a browser gets of the console", function ()
		local pipe <close> = assert(io.popen("cat lua/mod_console_meetauth/web/* lua/meetauth/page/style.css "
			.. "lua/meetauth/page/words.lua lua/mod_console_meetauth/files.lib.lua | wc -c"));
		local size = pipe:read("n");
		assert(size > 20000 and size < 60 * 1024, size);
	end);

	it("has scripts beside it that put text into pages as text alone, and ask nobody else", function ()
		local pipe <close> = assert(io.popen("cat lua/mod_console_meetauth/web/*.js"));
		local scripts = pipe:read("a");
		for _, word in ipairs({ "innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function",
			"http:", "https:", "localStorage", "sessionStorage", "setTimeout(\"", "console.log", "?jwt", "onerror" }) do
			assert.is_nil(scripts:find(word, 1, true), word);
		end
	end);

	it("takes nothing from elsewhere", function ()
		assert.is_nil(style.read():find("url(", 1, true));
		assert.is_nil(style.read():find("@import", 1, true));
		assert.is_nil(style.read():find("//", 1, true));
	end);
end);
