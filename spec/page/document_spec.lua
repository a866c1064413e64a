local document = require "meetauth.page.document";

local bad = {
	verdict = "refused", sentence = "expired: exp has passed", as_given = "malformed", entry = "<portal>",
	rows = {
		{ check = "exp", verdict = "fail", reason = "expired", found = "<script>", expected = "after now", hint = "it expired",
			write = "Sign a new one" };
		{ check = "iss", verdict = "ok", found = "\"a&b\"", expected = "" };
	},
	header = { { name = "alg", value = "\"HS256\"" } },
	claims = { { name = "<img src=x>", value = "1", moment = "then" } },
};

describe("meetauth.page.document", function ()
	it("is a page by itself, which asks nobody for anything", function ()
		local page = document.of(bad, "2026-01-31");
		assert.truthy(page:find("default-src &#39;none&#39;", 1, true));
		assert.truthy(page:find("<style>", 1, true));
		for _, word in ipairs({ "<script", "<img", "<link", "src=\"", "href=", "url(" }) do
			assert.is_nil(page:find(word, 1, true), word);
		end
	end);

	it("says what came of it, with every check, hint and claim", function ()
		local page = document.of(bad, "2026-01-31");
		for _, words in ipairs({ "The server refuses it", "expired: exp has passed", "as you gave it: malformed", "&lt;portal&gt;",
			"&lt;script&gt;", "FAIL expired", "it expired", "Sign a new one", "&lt;img src=x&gt;", "at 2026-01-31." }) do
			assert.truthy(page:find(words, 1, true), words);
		end
	end);

	it("says what a good token gives", function ()
		local page = document.of({ verdict = "accepted", rows = {}, rights = { "May enter a < b." } }, "now");
		assert.truthy(page:find("<li>May enter a &lt; b.</li>", 1, true));
		assert.truthy(page:find("The server accepts it", 1, true));
	end);

	it("says where values are described: of which token, and nothing of what it gives", function ()
		local of = { fingerprint = "0a1b2c3d", size = 200 };
		local page = document.of({ verdict = "refused", sentence = "expired", rows = {} }, "now", of);
		assert.truthy(page:find("Token 0a1b2c3d, 200 bytes", 1, true));
		assert.is_nil(page:find("Rights", 1, true));
	end);
end);
