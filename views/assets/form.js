/*
 * The form's submission key, made on the phone: the same for every send of this form, another for the next person
 * who opens the same address. It is kept with the page's place in the browser's history, so who goes back after
 * sending sends under the same key; browsers restore the answers, but not always a hidden field. Written for the
 * oldest phones: no word of this language's later editions.
 */
(function () {
  var field = document.getElementById('khoa');
  var random = window.crypto && crypto.getRandomValues ? new Uint8Array(16) : null;
  if (field.value || !random || !history.replaceState) return;
  var kept = history.state || {};
  var key = kept.khoa;
  if (!key) {
    crypto.getRandomValues(random);
    key = btoa(String.fromCharCode.apply(null, random)).replace(/\+/g, '-').replace(/\//g, '_').slice(0, 22);
    history.replaceState({ khoa: key }, '');
  }
  field.value = key;
})();
