/*
 * The service worker, registered once somebody has begun to answer. It opens a form that was opened before also
 * without a network, and sends what is waiting when the phone is online again and no page is open.
 */
(function () {
  var PAGES = 'trang';
  var MOST_PAGES = 12;
  var PATIENCE = 5000;

  /* Forms and the questions before them; never the page that thanks. */
  function isKept(url) {
    return (
      url.origin === location.origin &&
      /^\/([km]\/[^/]+(\/[^/]+){0,2}|quay\/[^/]+)$/.test(url.pathname) &&
      !/\/da-nhan\//.test(url.pathname)
    );
  }

  /* The page without its submission key: it is the same for everybody. */
  function nameOf(url) {
    return url.pathname + url.search.replace(/([?&])phieu=[^&]*&?/, '$1').replace(/[?&]$/, '');
  }

  function remember(url, response) {
    return caches.open(PAGES).then(function (cache) {
      return cache.put(nameOf(url), response).then(function () {
        return cache.keys().then(function (names) {
          return Promise.all(
            names.slice(0, Math.max(0, names.length - MOST_PAGES)).map(function (name) {
              return cache.delete(name);
            })
          );
        });
      });
    });
  }

  self.addEventListener('install', function (event) {
    event.waitUntil(self.skipWaiting());
  });

  self.addEventListener('activate', function (event) {
    event.waitUntil(self.clients.claim());
  });

  self.addEventListener('message', function (event) {
    event.waitUntil(
      Promise.all(
        event.data.keep.map(function (address) {
          var url = new URL(address, location.origin);
          if (!isKept(url)) return undefined;
          return fetch(nameOf(url)).then(function (response) {
            return response.ok ? remember(url, response) : undefined;
          });
        })
      )
    );
  });

  self.addEventListener('fetch', function (event) {
    var request = event.request;
    var url = new URL(request.url);
    if (request.mode !== 'navigate' || request.method !== 'GET' || !isKept(url)) return;
    function fromBefore(otherwise) {
      return caches.match(nameOf(url), { cacheName: PAGES }).then(function (kept) {
        return kept || otherwise();
      });
    }
    var asked = fetch(request);
    /* One bar of signal: a form that was opened before is better than a white page. */
    var patience = new Promise(function (resolve) {
      setTimeout(function () {
        fromBefore(function () {
          return asked;
        }).then(resolve, resolve);
      }, PATIENCE);
    });
    var answered = Promise.race([asked, patience]);
    event.respondWith(
      answered.then(
        function (response) {
          if (response.status >= 500)
            return fromBefore(function () {
              return response;
            });
          if (response.ok && !response.redirected) event.waitUntil(remember(url, response.clone()));
          return response;
        },
        function (error) {
          return fromBefore(function () {
            throw error;
          });
        }
      )
    );
  });

  /* Only the server's own word that it has the response takes it out of the box. */
  function send(cache, name) {
    return cache
      .match(name)
      .then(function (kept) {
        return kept.json();
      })
      .then(function (kept) {
        return fetch(kept.to, {
          method: 'POST',
          headers: { 'Content-Type': 'application/x-www-form-urlencoded', Accept: 'application/json' },
          body: kept.body
        });
      })
      .then(function (response) {
        if (response.status === 429 || response.status >= 500) throw new Error(String(response.status));
        return response.json();
      })
      .then(function () {
        return cache.delete(name);
      });
  }

  self.addEventListener('sync', function (event) {
    if (event.tag !== 'hop-gui') return;
    event.waitUntil(
      caches.open('hop-gui').then(function (cache) {
        return cache.keys().then(function (names) {
          return Promise.all(
            names.map(function (name) {
              return send(cache, name);
            })
          );
        });
      })
    );
  });
})();
