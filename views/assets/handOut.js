/* On pages that hand something out: a button that copies what a field holds, a button that prints. */
(function () {
  function each(selector, work) {
    [].forEach.call(document.querySelectorAll(selector), work);
  }

  each('[data-copy]', function (button) {
    var field = document.getElementById(button.getAttribute('data-copy'));
    var said = button.parentNode.querySelector('[role=status]');
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.onclick = function () {
      navigator.clipboard.writeText(field.value).then(
        function () {
          said.textContent = button.getAttribute('data-said');
        },
        function () {
          field.select();
        }
      );
    };
  });

  each('[data-print]', function (button) {
    button.hidden = false;
    button.onclick = function () {
      window.print();
    };
  });
})();
