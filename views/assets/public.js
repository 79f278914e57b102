/*
 * On every public page: the size of the letters, and the box of responses that are kept on this phone until the
 * server has said that it has them. Written for the oldest phones: no word of this language's later editions.
 *
 * A kept response is a record in local storage under its submission key:
 *   khoa   the submission key, made before the first try and the same for every try
 *   duong  path of the form;  to  where it is sent
 *   cau    answers by item;  dau, luc  when the first answer was given and the last change made, in milliseconds
 *   than   the body as it is sent; there only once the person has pressed the button
 *   loi    the code of why the server has refused it; the person must look at it again
 */
window.phieu = (function () {
  var PREFIX = 'phieu:';
  var DAY = 86400000;
  /* On the desk's tablet nothing of one person is there for the next but what is still to be sent. */
  var kiosk = /[?&]kenh=quay(&|$)/.test(location.search);
  var memory = {};
  var pause = 3000;
  var timer = 0;
  var tried = {};
  var sending = false;
  var box;

  /* Browsers that keep nothing (private windows, full phones) still send while the page is open. */
  function storage() {
    try {
      return window.localStorage;
    } catch (_) {
      return null;
    }
  }

  function read(name) {
    try {
      return storage().getItem(name);
    } catch (_) {
      return null;
    }
  }

  function write(name, value) {
    try {
      storage().setItem(name, value);
      return true;
    } catch (_) {
      return false;
    }
  }

  function remove(name) {
    try {
      storage().removeItem(name);
    } catch (_) {}
  }

  function names() {
    try {
      return Object.keys(storage()).filter(function (name) {
        return name.indexOf(PREFIX) === 0;
      });
    } catch (_) {
      return [];
    }
  }

  /* Every record, the oldest first; answers that nobody sent are dropped after a week, what was sent never. */
  function records() {
    var found = [];
    var known = {};
    function add(record) {
      if (!record || !record.khoa || known[record.khoa]) return;
      known[record.khoa] = true;
      if (!record.than && !record.loi && Date.now() - record.luc > 7 * DAY) drop(record);
      else found.push(record);
    }
    for (var key in memory) add(memory[key]);
    names().forEach(function (name) {
      try {
        add(JSON.parse(read(name)));
      } catch (_) {
        remove(name);
      }
    });
    return found.sort(function (one, other) {
      return one.luc - other.luc;
    });
  }

  function keep(record) {
    memory[record.khoa] = record;
    if (kiosk && !record.than) return false;
    return write(PREFIX + record.khoa, JSON.stringify(record));
  }

  function drop(record) {
    delete memory[record.khoa];
    remove(PREFIX + record.khoa);
    takeFromWorker(record);
  }

  function takeFromWorker(record) {
    if (window.caches)
      caches.open('hop-gui').then(function (cache) {
        cache.delete('/hop-gui/' + record.khoa);
      });
  }

  /* The service worker sends what is in here when the phone is online again and no page is open. */
  function handToWorker(record) {
    if (!window.caches || !navigator.serviceWorker) return;
    caches
      .open('hop-gui')
      .then(function (cache) {
        return cache.put(
          '/hop-gui/' + record.khoa,
          new Response(JSON.stringify({ to: record.to, body: record.than }))
        );
      })
      .then(function () {
        return navigator.serviceWorker.getRegistration(record.to);
      })
      .then(function (registration) {
        return registration && registration.sync && registration.sync.register('hop-gui');
      })
      .catch(function () {});
  }

  /*
   * One try. Only our server's own words count: an answer that is not its JSON comes from a hotel's log-in page or
   * a broken proxy, and the record is kept.
   */
  function attempt(record, done) {
    var request = new XMLHttpRequest();
    function later() {
      handToWorker(record);
      done('later');
    }
    request.open('POST', record.to);
    request.timeout = 30000;
    request.setRequestHeader('Content-Type', 'application/x-www-form-urlencoded');
    request.setRequestHeader('Accept', 'application/json');
    request.onerror = later;
    request.ontimeout = later;
    request.onload = function () {
      var said;
      try {
        said = JSON.parse(request.responseText);
      } catch (_) {
        said = {};
      }
      if (request.status === 200 && said.received) {
        drop(record);
        done('received', said.received);
      } else if (request.status >= 400 && request.status < 500 && request.status !== 429 && 'code' in said) {
        delete record.than;
        record.loi = said.code || 'refused';
        keep(record);
        takeFromWorker(record);
        done('refused');
      } else later();
    };
    request.send(record.than);
  }

  function tell(index, address, pressed) {
    if (!box) return;
    var lines = box.getElementsByTagName('p');
    for (var i = 0; i < lines.length; i++) lines[i].hidden = i !== index;
    if (index < 0) return;
    var link = lines[index].getElementsByTagName('a')[0];
    if (link) link.href = address;
    var button = lines[index].getElementsByTagName('button')[0];
    if (button) button.onclick = pressed;
  }

  function isCurrent(record) {
    return record.khoa === api.current;
  }

  /* Sends what waits, that of this page first, and tries again with growing pauses. */
  function flush() {
    clearTimeout(timer);
    if (sending) return;
    var waiting = records().filter(isUntried);
    if (waiting.length === 0) return showRefused();
    var next = waiting.filter(isCurrent)[0] || waiting[0];
    tried[next.khoa] = true;
    sending = true;
    attempt(next, function (outcome, address) {
      sending = false;
      var mine = api.handled && api.handled(next, outcome, address);
      if (outcome === 'later') {
        if (!mine) tell(0);
        /* One that the server cannot take does not keep the others from being tried. */
        if (records().some(isUntried)) return flush();
        tried = {};
        pause = Math.min(pause * 2, 300000);
        timer = setTimeout(flush, pause * (0.75 + Math.random() / 2));
        return;
      }
      pause = 3000;
      if (!mine && outcome === 'received') tell(1, address);
      flush();
    });
  }

  function isUntried(record) {
    return record.than && !tried[record.khoa];
  }

  /* What the server has refused is told with a way to look at it again, or to be rid of it. */
  function showRefused() {
    if (kiosk) return;
    var refused = records().filter(function (record) {
      return record.loi && !isCurrent(record);
    })[0];
    if (!refused) return;
    tell(refused.loi === 'sent-too-late' ? 3 : 2, refused.to, function () {
      drop(refused);
      tell(-1);
    });
    var link = box.querySelector('p:not([hidden]) a');
    /* The form takes these answers up at once. */
    if (link)
      link.onclick = function () {
        write('doi', refused.khoa);
      };
  }

  function soon() {
    pause = 3000;
    if (!sending) tried = {};
    flush();
  }

  function enlarge(larger) {
    var root = document.documentElement;
    root.className = larger ? 'to' : '';
  }

  var larger = document.getElementById('chu-to');
  larger.checked = !kiosk && read('chu-to') === '1';
  enlarge(larger.checked);
  larger.onchange = function () {
    enlarge(larger.checked);
    if (!kiosk) write('chu-to', larger.checked ? '1' : '');
  };
  box = document.getElementById('hop-gui');

  window.addEventListener('online', soon);
  document.addEventListener('visibilitychange', function () {
    if (!document.hidden) soon();
  });
  window.addEventListener('load', flush);

  var api = {
    kiosk: kiosk,
    records: records,
    keep: keep,
    drop: drop,
    soon: soon,
    read: read,
    write: write,
    remove: remove,
    handled: null,
    current: null
  };
  return api;
})();
