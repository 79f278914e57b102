/*
 * The form with a script: progress, answers kept on the phone as they are given, missing answers shown at once, and
 * sending that survives a bad network. Without it the form works all the same. Written for the oldest phones.
 */
(function () {
  var form = document.getElementById('phieu');
  var field = document.getElementById('khoa');
  var button = document.getElementById('gui');
  var address = document.createElement('a');
  address.href = form.action;
  var path = address.pathname.replace(/^\/?/, '/');
  var to = path + address.search;
  var edition = form.elements.ban.value;
  var unit = byId('cho-gui').querySelector('a').getAttribute('href');
  var questions = [].slice.call(form.querySelectorAll('.q'));
  var random = window.crypto && crypto.getRandomValues ? new Uint8Array(16) : null;
  var busy = false;
  var switching = false;
  var onlyHere = false;
  var record = null;

  if (!random) {
    /* A phone that cannot make a key gets one as a phone without a script does. */
    if (!field.value && !/[?&]phieu=/.test(location.search))
      location.replace(to + (to.indexOf('?') < 0 ? '?' : '&') + 'phieu=moi');
    return;
  }

  function each(list, work) {
    [].forEach.call(list, work);
  }

  function byId(id) {
    return document.getElementById(id);
  }

  function newKey() {
    crypto.getRandomValues(random);
    return btoa(String.fromCharCode.apply(null, random)).replace(/\+/g, '-').replace(/\//g, '_').slice(0, 22);
  }

  /* The fields of a question, or of all. */
  function fieldsOf(element) {
    return element.querySelectorAll('input:not([type=hidden]),textarea');
  }

  /* What is given in some fields: lists of values by item. */
  function given(element) {
    var answers = {};
    each(fieldsOf(element), function (input) {
      var value = input.type === 'textarea' ? input.value : input.checked ? input.value : '';
      if (value.replace(/\s/g, '') !== '') answers[input.name] = (answers[input.name] || []).concat(value);
    });
    return answers;
  }

  function fill(answers) {
    each(fieldsOf(form), function (input) {
      var values = answers[input.name] || [];
      if (input.type === 'textarea') input.value = values[0] || '';
      else input.checked = values.indexOf(input.value) >= 0;
    });
  }

  function isAnswered(question) {
    for (var _ in given(question)) return true;
    return false;
  }

  /* Questions that must be answered, as they are asked now. */
  function required() {
    return questions.filter(function (question) {
      return question.getAttribute('data-can') && !question.hidden;
    });
  }

  function unanswered() {
    return required().filter(function (question) {
      return !isAnswered(question);
    });
  }

  /* Conditional questions; browsers that know :has() have hidden them by style already. */
  function applyConditions() {
    var answers = given(form);
    each(form.querySelectorAll('[data-khi]'), function (question) {
      var wanted = question.getAttribute('data-la').split(' ');
      question.hidden = !(answers[question.getAttribute('data-khi')] || []).some(function (value) {
        return wanted.indexOf(value) >= 0;
      });
    });
  }

  function showProgress() {
    var asked = required();
    var done = asked.filter(isAnswered).length;
    var bar = byId('tien-do');
    bar.hidden = false;
    bar.querySelector('progress').max = asked.length;
    bar.querySelector('progress').value = done;
    bar.querySelector('span').textContent = done + '/' + asked.length;
    var wrong = form.querySelectorAll('.wrong');
    bar.querySelector('button').hidden = wrong.length === 0;
    if (wrong.length === 0) bar.querySelector('p').textContent = '';
    /* What is scrolled to or in focus is not behind the bar. */
    document.documentElement.style.scrollPaddingTop = bar.offsetHeight + 12 + 'px';
  }

  /* A question whose mistake is mended. */
  function clearMistake(question) {
    var said = byId(question.id.slice(2) + '-loi');
    if (!said) return;
    said.parentNode.removeChild(said);
    question.className = question.className.replace(/ wrong\b/, '');
    var about = question.getAttribute('aria-describedby') || '';
    question.setAttribute('aria-describedby', about.replace(said.id, ''));
  }

  function showMissing(question) {
    if (/ wrong\b/.test(question.className)) return;
    var said = byId('thieu-' + question.getAttribute('data-can')).cloneNode(true);
    var before = question.querySelector('.hint') || question.querySelector('legend,.legend');
    said.id = question.id.slice(2) + '-loi';
    said.hidden = false;
    before.parentNode.insertBefore(said, before.nextSibling);
    question.className += ' wrong';
    question.setAttribute(
      'aria-describedby',
      (question.getAttribute('aria-describedby') || '') + ' ' + said.id
    );
  }

  /* To a question, with its own words in view and the first of its answers in focus. */
  function goTo(question) {
    fieldsOf(question)[0].focus({ preventScroll: true });
    question.scrollIntoView();
  }

  /* Says what is missing; whether anything is. */
  function refuseGaps() {
    var missing = unanswered();
    if (missing.length === 0) return false;
    each(missing, showMissing);
    var text = byId('thieu');
    var which = missing[0].querySelector('legend,.legend').textContent.replace(/\s+/g, ' ');
    byId('tien-do').querySelector('p').textContent =
      text.getAttribute(missing.length === 1 ? 'data-mot' : 'data-nhieu').replace('#', missing.length) +
      ' ' +
      which;
    showProgress();
    goTo(missing[0]);
    return true;
  }

  function changed(event) {
    if (busy) return;
    var answers = given(form);
    if (!record) {
      record = { khoa: newKey(), dau: Date.now() };
      /* Who begins anew has answered the offer; what is kept is offered again next time. */
      byId('con-giu').hidden = true;
    }
    phieu.current = record.khoa;
    record.duong = path;
    record.luc = Date.now();
    record.cau = answers;
    delete record.loi;
    phieu.keep(record);
    if (history.replaceState) history.replaceState({ khoa: record.khoa }, '');
    applyConditions();
    for (var element = event.target; element && element !== form; element = element.parentNode)
      if (/\bq\b/.test(element.className) && isAnswered(element)) clearMistake(element);
    showProgress();
    if (navigator.serviceWorker && !phieu.registered) {
      phieu.registered = true;
      navigator.serviceWorker.register('/phieu-worker.js', { scope: path.slice(0, 3) }).catch(function () {});
      navigator.serviceWorker.ready.then(function (registration) {
        /* This form, and where the next one begins. */
        registration.active.postMessage({ keep: [location.pathname + location.search, unit] });
      });
    }
  }

  /* The form as a browser would send it. */
  function body() {
    var parts = [];
    function add(name, value) {
      parts.push(encodeURIComponent(name) + '=' + encodeURIComponent(value));
    }
    add('khoa', record.khoa);
    add('ban', edition);
    if (record.dau) add('giay', Math.round((Date.now() - record.dau) / 1000));
    each(questions, function (question) {
      if (question.hidden) return;
      var answers = given(question);
      for (var name in answers)
        each(answers[name], function (value) {
          add(name, value);
        });
    });
    return parts.join('&');
  }

  function showBusy(now) {
    busy = now;
    button.setAttribute('aria-disabled', now);
    button.children[0].hidden = now;
    button.children[1].hidden = !now;
  }

  function showTrying(now) {
    var states = byId('cho-gui').querySelectorAll('[role=status] span');
    states[0].hidden = !now;
    states[1].hidden = now;
  }

  /* What became of a try to send the form on this page; whether it was that of this page. */
  phieu.handled = function (tried, outcome, thanks) {
    if (!record || tried.khoa !== record.khoa || !busy) return false;
    var panel = byId('cho-gui');
    if (outcome === 'received') {
      /* Nothing is left behind for whoever holds the phone next: neither here nor by going back. */
      form.reset();
      onlyHere = false;
      location.replace(thanks);
    } else if (outcome === 'refused') {
      /* The server's own page says why, with everything that was entered. */
      field.value = record.khoa;
      onlyHere = false;
      form.submit();
    } else {
      var promises = panel.querySelectorAll('.promise');
      promises[0].hidden = onlyHere;
      promises[1].hidden = !onlyHere;
      panel.querySelector('.second').hidden = onlyHere;
      showTrying(false);
      if (panel.hidden) {
        panel.hidden = false;
        panel.parentNode.className += ' done';
        form.hidden = true;
        byId('con-giu').hidden = true;
        panel.focus();
        panel.scrollIntoView();
      }
    }
    return true;
  };

  byId('cho-gui').querySelector('button').onclick = function () {
    showTrying(true);
    phieu.soon();
  };

  /* What is nowhere but in this page is not left without a question. */
  window.addEventListener('beforeunload', function (event) {
    if (busy && onlyHere) event.preventDefault();
  });

  form.addEventListener('submit', function (event) {
    if (switching) return;
    event.preventDefault();
    if (busy || refuseGaps()) return;
    if (!record) changed(event);
    showBusy(true);
    record.to = to;
    record.than = body();
    record.luc = Date.now();
    onlyHere = !phieu.keep(record);
    phieu.soon();
  });

  byId('tien-do').querySelector('button').onclick = function () {
    var next = form.querySelector('.wrong');
    if (next) goTo(next);
  };

  /* The other language: by a link where the phone can keep the answers, else as the form does it without a script. */
  each(document.querySelectorAll('[name=doi]'), function (other) {
    other.onclick = function (event) {
      switching = record !== null && !phieu.keep(record);
      if (switching) return;
      event.preventDefault();
      /* The other page cannot be had now; this one has the answers. */
      if (navigator.onLine === false) return;
      if (record) phieu.write('doi', record.khoa);
      location.href = other.getAttribute('formaction');
    };
  });

  /* Takes up a kept record. */
  function restore(kept) {
    record = kept;
    phieu.current = kept.khoa;
    if (history.replaceState) history.replaceState({ khoa: kept.khoa }, '');
    fill(kept.cau);
    applyConditions();
    showProgress();
  }

  function drafts() {
    return phieu.records().filter(function (kept) {
      return kept.duong === path && !kept.than;
    });
  }

  function isOther(kept) {
    return kept.khoa !== record.khoa;
  }

  /* Answers kept from before: taken up where the person was just here, offered to whoever opens the form anew. */
  function offer() {
    var all = drafts();
    var kept = all[all.length - 1];
    if (!kept) return;
    var here = phieu.read('doi') || (history.state || {}).khoa;
    phieu.remove('doi');
    var mine = all.filter(function (one) {
      return one.khoa === here;
    })[0];
    if (mine) return restore(mine);
    var panel = byId('con-giu');
    var buttons = panel.querySelectorAll('button');
    panel.hidden = false;
    buttons[0].onclick = function () {
      panel.hidden = true;
      restore(kept);
      goTo(unanswered()[0] || questions[questions.length - 1]);
    };
    buttons[1].onclick = function () {
      phieu.drop(kept);
      panel.hidden = true;
    };
  }

  /* The first voice for a language; undefined where the phone has none. */
  function voiceFor(language) {
    return window.speechSynthesis.getVoices().filter(function (one) {
      return one.lang.replace('_', '-').split('-')[0] === language;
    })[0];
  }

  /* A question and its options one after another, each in its own language. */
  function speak(control, question) {
    var parts = [].slice.call(question.querySelectorAll('legend,.legend,.hint,.options span'));
    each(parts, function (part, index) {
      var speech = new SpeechSynthesisUtterance(part.textContent.replace(/\s+/g, ' '));
      var voice = voiceFor((part.querySelector('[lang]') || document.documentElement).lang);
      if (voice) {
        speech.lang = voice.lang;
        speech.voice = voice;
      }
      if (index === 0) speech.onstart = mark(control, true);
      if (index === parts.length - 1) speech.onend = mark(control, false);
      speech.onerror = mark(control, false);
      window.speechSynthesis.speak(speech);
    });
  }

  /* Reading aloud, where the phone has a voice for the page's language. */
  function offerVoice() {
    if (!voiceFor(document.documentElement.lang) || form.querySelector('.listen')) return;
    each(questions, function (question) {
      var control = document.createElement('button');
      control.type = 'button';
      mark(control, false)();
      control.onclick = function () {
        var reading = control.className !== 'listen';
        window.speechSynthesis.cancel();
        if (!reading) speak(control, question);
      };
      question.insertBefore(control, question.firstChild);
    });
  }

  function mark(control, reading) {
    return function () {
      control.className = reading ? 'listen reading' : 'listen';
      control.title = form.getAttribute(reading ? 'data-dung' : 'data-nghe');
      control.setAttribute('aria-label', control.title);
    };
  }

  /* The phone's own memory of forms would show one person's answers to the next. */
  form.setAttribute('autocomplete', 'off');
  window.addEventListener('pageshow', function (event) {
    if (event.persisted && record && phieu.records().every(isOther)) location.reload();
  });
  form.addEventListener('change', changed);
  form.addEventListener('input', function (event) {
    if (event.target.type === 'textarea') changed(event);
  });
  if (field.value) {
    /* The server's page, with what was entered: it goes on under the key that the server says. */
    var sent = phieu.records().filter(function (kept) {
      return kept.khoa === field.value;
    })[0];
    /* When the first answer was given is not known on a page that came back. */
    record = sent || { khoa: field.value, luc: Date.now() };
    phieu.drop({ khoa: form.getAttribute('data-thay') });
    changed({ target: form });
  } else if (!phieu.kiosk) offer();
  applyConditions();
  showProgress();
  if (window.speechSynthesis) {
    offerVoice();
    window.speechSynthesis.onvoiceschanged = offerVoice;
  }
})();
