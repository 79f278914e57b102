/*
 * The progress board: filters its lines as one types, and renews them every half minute without losing the place.
 * Without it the form filters, and loading the page again renews it.
 */
(function () {
  var EVERY = 30000;
  var board = document.getElementById('bang');
  if (!board || !window.fetch) return;

  function plain(text) {
    return text
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '')
      .replace(/[đĐ]/g, 'd')
      .toLowerCase();
  }

  function filter() {
    var field = document.getElementById('tim');
    var found = board.querySelector('[data-found]');
    if (!field) return;
    var words = plain(field.value).split(/\s+/).filter(Boolean);
    var shown = 0;
    [].forEach.call(board.querySelectorAll('tr[data-unit]'), function (row) {
      var text = plain(row.cells[0].textContent);
      var fits = words.every(function (word) {
        return text.indexOf(word) >= 0;
      });
      row.hidden = !fits;
      if (fits) shown += 1;
    });
    found.textContent = found
      .getAttribute('data-found')
      .replace('#', shown.toLocaleString(document.documentElement.lang));
  }

  function live(failed) {
    var at = board.querySelector('[data-at]');
    if (at && failed) at.textContent = at.getAttribute('data-failed');
    else if (at) at.textContent += ', ' + at.getAttribute('data-live');
  }

  function address() {
    var url = new URL(location.href);
    url.searchParams.set('phan', 'bang');
    /* What is typed is looked for in all lines, not only in those that were found before. */
    url.searchParams.delete('tim');
    return url.href;
  }

  function renewed(html) {
    var field = document.getElementById('tim');
    var table = board.querySelector('.table');
    var place = table ? [table.scrollLeft, table.scrollTop] : [0, 0];
    var focused = document.activeElement;
    var link = board.contains(focused) && focused.getAttribute('href');
    var typed = field && { value: field.value, at: field.selectionStart, focused: focused === field };
    var box = board.querySelector('input[name=loc]');
    var ticked = box && box.checked;
    var onTable = focused === table;
    board.innerHTML = html;
    live();
    if (typed) {
      field = document.getElementById('tim');
      field.value = typed.value;
      if (typed.focused) {
        field.focus();
        field.setSelectionRange(typed.at, typed.at);
      }
      filter();
    }
    if (box) board.querySelector('input[name=loc]').checked = ticked;
    table = board.querySelector('.table');
    if (table) {
      table.scrollLeft = place[0];
      table.scrollTop = place[1];
      if (onTable) table.focus({ preventScroll: true });
    }
    [].some.call(link ? board.querySelectorAll('a') : [], function (one) {
      if (one.getAttribute('href') !== link) return false;
      one.focus({ preventScroll: true });
      return true;
    });
  }

  function renew() {
    if (document.hidden) return later();
    fetch(address(), { credentials: 'same-origin', redirect: 'error' })
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.text();
      })
      .then(renewed)
      .then(later, function () {
        live(true);
        later();
      });
  }

  function later() {
    setTimeout(renew, EVERY);
  }

  board.addEventListener('input', function (event) {
    if (event.target.id === 'tim') filter();
  });
  board.addEventListener('change', function (event) {
    if (event.target.name === 'loc') event.target.form.submit();
  });
  live();
  later();
})();
