/*
 * The form's submission key, made on the phone: the same for every send of this form, another for the next person
 * who opens the same address. A browser that restores the form restores the key with the answers. Written for the
 * oldest phones: no word of this language's later editions.
 */
(function () {
  var field = document.getElementById('khoa');
  var random = window.crypto && crypto.getRandomValues ? new Uint8Array(16) : null;
  if (field.value || !random) return;
  crypto.getRandomValues(random);
  field.value = btoa(String.fromCharCode.apply(null, random))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .slice(0, 22);
})();
