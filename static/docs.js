// /docs and /redoc: starts the widget on the description of the JSON endpoints.
(() => {
  const main = document.getElementById('main');
  const url = '/openapi.json';

  /* Who is signed in on this site may try what changes something: with the token of this page,
   * unless a token was given by Authorize. */
  function withToken(request) {
    const token = document.querySelector('meta[name="csrf-token"]')?.content;
    const { headers } = request;
    const has = (name) => Object.keys(headers).some((key) => key.toLowerCase() === name);
    const isOurs = new URL(request.url, document.baseURI).origin === window.location.origin;
    if (token && isOurs && (request.method ?? 'GET').toUpperCase() !== 'GET' && !has('authorization') && !has('x-csrf-token')) headers['X-CSRF-Token'] = token;
    return request;
  }

  /* The widgets speak English. */
  main.lang = 'en';
  main.dir = 'ltr';
  main.replaceChildren();
  if (main.dataset.docs === 'try') {
    window.SwaggerUIBundle({
      url, domNode: main, deepLinking: true, validatorUrl: null, requestInterceptor: withToken, docExpansion: 'none', defaultModelsExpandDepth: 0,
      presets: [window.SwaggerUIBundle.presets.apis], layout: 'BaseLayout',
    });
  } else {
    window.Redoc.init(url, { disableSearch: true, scrollYOffset: '.docs-bar', hideDownloadButtons: true, nativeScrollbars: true }, main);
  }
})();
