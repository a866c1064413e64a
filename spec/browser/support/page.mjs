// The meeting page on loopback: jQuery, lib-jitsi-meet as it is published, and meeting.js.

import { readFileSync } from "node:fs";
import http from "node:http";
import { endWithTest } from "../../prosody/support/leftovers.mjs";

const inPackage = (path) => new URL(`../node_modules/${path}`, import.meta.url);
const scripts = {
	"/jquery.js": inPackage("jquery/dist/jquery.min.js"),
	"/lib-jitsi-meet.js": inPackage("@lyno/lib-jitsi-meet/lib-jitsi-meet.min.js"),
	"/meeting.js": new URL("meeting.js", import.meta.url),
};
const page = `<!doctype html><meta charset="utf-8"><title>meeting</title>
<script src="/jquery.js"></script>
<script>window.jquery = jQuery; // the name under which the build looks for it</script>
<script src="/lib-jitsi-meet.js"></script>
<script src="/meeting.js"></script>`;

function answer(request, response) {
	const type = request.url === "/" ? "text/html" : "text/javascript";
	const body = request.url === "/" ? page : scripts[request.url] && readFileSync(scripts[request.url]);
	response.writeHead(body ? 200 : 404, { "content-type": `${type}; charset=utf-8` });
	response.end(body);
}

// { url, close() }; it is closed with the test that has started it, if not before.
export async function servePage() {
	const server = http.createServer(answer);
	await new Promise((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
	const close = () => new Promise((resolve) => {
		server.close(resolve);
		server.closeAllConnections();
	});
	endWithTest(close);
	return { url: `http://127.0.0.1:${server.address().port}/`, close };
}
