local html = require "meetauth.page.html";
local el = html.element;

describe("meetauth.page.html", function ()
	it("escapes text and attributes", function ()
		assert.equal("<p title=\"&quot;&gt;&lt;b&#39;\">&lt;script&gt;&amp;amp;</p>",
			el("p", { title = "\"><b'" }, "<script>&amp;").text);
	end);

	it("puts elements into elements, and lists of them, and leaves out what there is not", function ()
		assert.equal("<ul><li>a</li><li>b</li>c</ul>", el("ul", {}, { el("li", {}, "a"), el("li", {}, "b") }, nil, false, "c").text);
	end);

	it("ends no element that has no end", function ()
		assert.equal("<link href=\"a\" rel=\"b\">", el("link", { rel = "b", href = "a" }).text);
	end);

	it("takes no table of somebody else for an element", function ()
		assert.equal("<p></p>", el("p", {}, { text = "<script>" }).text);
	end);

	it("writes a whole page, with its language and title", function ()
		local page = html.document("en", "A & B", { el("link", { href = "style.css", rel = "stylesheet" }) }, el("main", {}, "x"));
		assert.truthy(page:find("^<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf%-8\">"));
		assert.truthy(page:find("<title>A &amp; B</title><link href=\"style.css\" rel=\"stylesheet\"></head>", 1, true));
		assert.truthy(page:find("</head><body><main>x</main></body></html>\n", 1, true));
	end);

	it("takes no style sheet that ends its element", function ()
		assert.equal("<style>a > b {}</style>", html.style("a > b {}").text);
		assert.is_false(pcall(html.style, "</style><script>"));
	end);
end);
