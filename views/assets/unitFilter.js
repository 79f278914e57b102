/* Filters the tree of units as one types. Without it the form asks the server. */
(function () {
  var form = document.getElementById('loc');
  var tree = document.getElementById('cay');
  var found = document.getElementById('so-don-vi');
  if (!form || !tree || !found || !String.prototype.normalize) return;
  var words = form.elements.tim;
  var kind = form.elements.loai;
  var level = form.elements.cap;
  var text = found.getAttribute('data-text');
  var none = document.getElementById('khong-thay');
  var opened = [];
  function fold(value) {
    return value
      .normalize('NFD')
      .replace(/[\u0300-\u036f]/g, '')
      .toLowerCase()
      .replace(/\u0111/g, 'd')
      .replace(/\s+/g, ' ')
      .trim();
  }
  var items = Array.prototype.map.call(tree.querySelectorAll('li'), function (item) {
    var row = item.firstElementChild;
    return {
      item: item,
      text: fold(row.getAttribute('data-name')),
      kind: row.getAttribute('data-kind'),
      levels: ' ' + row.getAttribute('data-levels') + ' ',
      details: item.querySelector('details')
    };
  });
  function show() {
    var wanted = fold(words.value).split(' ').filter(Boolean);
    var narrowed = wanted.length > 0 || kind.value !== '' || (level && level.value !== '');
    var count = 0;
    opened.forEach(function (details) {
      details.open = false;
    });
    opened = [];
    for (var index = items.length - 1; index >= 0; index -= 1) {
      var one = items[index];
      var matches =
        (kind.value === '' || one.kind === kind.value) &&
        (!level || level.value === '' || one.levels.indexOf(' ' + level.value + ' ') >= 0) &&
        wanted.every(function (word) {
          return one.text.indexOf(word) >= 0;
        });
      var within = !!(one.details && one.details.querySelector('li:not([hidden])'));
      if (matches) count += 1;
      one.item.hidden = !matches && !within;
      one.item.classList.toggle('around', narrowed && !matches && within);
      if (narrowed && within && !one.details.open) {
        one.details.open = true;
        opened.push(one.details);
      }
    }
    found.textContent = text.replace('{count}', count.toLocaleString(document.documentElement.lang));
    if (none) none.hidden = count > 0;
  }
  var timer;
  function later() {
    clearTimeout(timer);
    timer = setTimeout(show, 120);
  }
  form.addEventListener('input', later);
  form.addEventListener('change', function (event) {
    if (event.target.name === 'dong') form.submit();
  });
  form.addEventListener('submit', function (event) {
    if (form.elements.dong && form.elements.dong.checked !== form.elements.dong.defaultChecked) return;
    event.preventDefault();
    show();
  });
  if (words.value === '' && kind.value === '' && !(level && level.value)) return;
  show();
})();
