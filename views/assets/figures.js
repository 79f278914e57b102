/*
 * Pages of figures: narrows a long table as one types, copies the address of what is looked at. Without it the form asks
 * the server, and the address is that of the page.
 */
(function () {
  var copy = document.querySelector('[data-copy-address]');
  if (copy && navigator.clipboard) {
    copy.hidden = false;
    copy.onclick = function () {
      navigator.clipboard.writeText(location.href).then(function () {
        document.getElementById('da-chep').textContent = copy.getAttribute('data-said');
      });
    };
  }

  var form = document.getElementById('loc-bang');
  var part = document.getElementById('bang');
  if (!form || !part || !window.fetch || !window.URLSearchParams) return;
  var timer;
  var asked = 0;

  function address() {
    var query = new URLSearchParams();
    [].forEach.call(form.elements, function (field) {
      if (field.name && field.value) query.set(field.name, field.value);
    });
    return form.getAttribute('action') + (String(query) && '?' + query);
  }

  function narrow() {
    var to = address();
    asked += 1;
    var turn = asked;
    fetch(to + (to.indexOf('?') < 0 ? '?' : '&') + 'phan=bang', {
      credentials: 'same-origin',
      redirect: 'error'
    })
      .then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.text();
      })
      .then(function (html) {
        if (turn !== asked) return;
        part.innerHTML = html;
        history.replaceState({}, '', to);
        var found = part.querySelector('[data-found]');
        document.getElementById('da-thay').textContent = found ? found.textContent : '';
      })
      .catch(function () {
        if (turn === asked) form.submit();
      });
  }

  function later() {
    clearTimeout(timer);
    timer = setTimeout(narrow, 250);
  }

  form.addEventListener('input', later);
  form.addEventListener('submit', function (event) {
    event.preventDefault();
    clearTimeout(timer);
    narrow();
  });
})();
