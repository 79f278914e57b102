/*
 * The desk's tablet: the form in a frame of a page that stays, full screen. It goes back to the start by itself after
 * a response was sent, and after a minute of silence, which it announces.
 */
(function () {
  var SILENCE = 60;
  var WARNING = 20;
  var THANKS = 12;
  var start = document.getElementById('bat-dau');
  var warning = document.getElementById('canh-bao');
  var frame = document.getElementById('khung');
  var left = document.getElementById('con-lai');
  var unreachable = document.getElementById('mat-mang');
  var quiet = 0;
  var finished = 0;
  var address = frame.getAttribute('data-src');

  function show(what) {
    start.hidden = what !== start;
    frame.inert = what === warning;
    frame.hidden = what === start;
    warning.hidden = what !== warning;
  }

  /* A fresh frame: nothing of the last person is left in it, its history included. */
  function renew() {
    var fresh = frame.cloneNode(false);
    fresh.removeAttribute('src');
    frame.parentNode.replaceChild(fresh, frame);
    frame = fresh;
    quiet = 0;
    finished = 0;
    frame.addEventListener('load', listen);
  }

  function toStart() {
    renew();
    show(start);
    start.querySelector('button').focus();
  }

  function alive() {
    quiet = 0;
    if (!warning.hidden) show(frame);
  }

  /* The frame is of the same site: what is touched in it is heard here. */
  function listen() {
    try {
      var inside = frame.contentWindow;
      ['pointerdown', 'touchstart', 'keydown', 'wheel', 'input'].forEach(function (name) {
        inside.addEventListener(name, alive, true);
      });
    } catch (_) {
      /* The browser's own page of errors is in the frame: there is no network. */
      toStart();
      unreachable.hidden = false;
    }
  }

  /* Whether the response in the frame is sent, or kept to be sent. */
  function isDone() {
    try {
      var inside = frame.contentWindow;
      var waiting = inside.document.getElementById('cho-gui');
      return /\/da-nhan\//.test(inside.location.pathname) || (waiting !== null && !waiting.hidden);
    } catch (_) {
      return false;
    }
  }

  start.querySelector('button').onclick = function () {
    var page = document.documentElement;
    var full = page.requestFullscreen || page.webkitRequestFullscreen;
    if (full && !document.fullscreenElement) {
      var asked = full.call(page);
      if (asked && asked.catch) asked.catch(function () {});
    }
    unreachable.hidden = true;
    renew();
    frame.src = address;
    show(frame);
    frame.focus();
  };
  warning.querySelectorAll('button')[0].onclick = function () {
    alive();
    frame.focus();
  };
  warning.querySelectorAll('button')[1].onclick = toStart;
  warning.onkeydown = function (event) {
    if (event.key !== 'Escape' && event.key !== 'Esc') return;
    event.preventDefault();
    alive();
    frame.focus();
  };

  setInterval(function () {
    if (!start.hidden) return;
    quiet += 1;
    finished = isDone() ? finished + 1 : 0;
    if (finished >= THANKS || quiet >= SILENCE + WARNING) return toStart();
    if (finished === 0 && quiet >= SILENCE) {
      left.textContent = SILENCE + WARNING - quiet;
      if (warning.hidden) {
        show(warning);
        warning.querySelector('button').focus();
      }
    }
  }, 1000);
  if (navigator.serviceWorker)
    ['/quay/', '/k/'].forEach(function (scope) {
      navigator.serviceWorker.register('/phieu-worker.js', { scope: scope }).catch(function () {});
    });
})();
