/*
 * The entry screen for paper forms: a number sets the answer and jumps on, Enter or the space bar leaves a question
 * blank, Backspace goes back, the form is sent without leaving the page. Without this file the same fields are typed
 * into and sent as they are. Files are joined without line ends: every statement needs its semicolon.
 */
(function () {
  var form = document.getElementById('nhap-phieu');
  if (!form || !window.fetch || !window.URLSearchParams) return;
  var fields = Array.from(form.querySelectorAll('[data-field]'));
  var serial = fields[0];
  var texts = form.dataset;
  var status = document.getElementById('trang-thai');
  var legend = Array.from(document.querySelectorAll('.typed-legend [data-level]'));
  var waiting = null;

  function field(name) {
    return fields.find(function (one) {
      return one.name === name;
    });
  }

  /* The numbers in a field: of several answers each is one digit, unless there are more than nine. */
  function given(one) {
    if (!one.dataset.several) return [one.value.trim()];
    return one.value.split(one.dataset.accepts.split(' ').length > 9 ? /[\s,;.+]+/ : /[\s,;.+]*/);
  }

  function isAsked(one) {
    if (!one.dataset.if) return true;
    var earlier = field(one.dataset.if);
    return one.dataset.ifTyped.split(' ').some(function (value) {
      return earlier && given(earlier).indexOf(value) >= 0;
    });
  }

  function say(one, problem) {
    var error = document.getElementById(one.id + '-loi');
    error.textContent = problem;
    error.hidden = problem === '';
    if (problem) one.setAttribute('aria-invalid', 'true');
    else one.removeAttribute('aria-invalid');
  }

  /* What is wrong with a value that is finished; '' where nothing is. */
  function problemOf(one) {
    var value = one.value.trim();
    if (one === serial) return serialProblem(value);
    if (!one.dataset.accepts) return '';
    if (value === '') return one.dataset.required && isAsked(one) ? texts.notTyped : '';
    if (value === '-') return '';
    var accepted = one.dataset.accepts.split(' ');
    return given(one).every(function (each) {
      return each === '' || accepted.indexOf(each) >= 0;
    })
      ? ''
      : one.dataset.wrong;
  }

  function serialProblem(value) {
    var digits = value.replace(/[\s.–-]/g, '');
    if (digits === '') return texts.serialMissing;
    if (!texts.remainder) return /^[1-9]\d{0,4}$/.test(digits) ? '' : texts.serialWrong;
    if (!/^[1-9]\d{7}$/.test(digits) || Number(digits) % 97 !== Number(texts.remainder))
      return texts.serialWrong;
    return digits.charAt(0) === texts.survey ? '' : texts.serialSurvey;
  }

  /* The words of a number, and which questions it brings along. */
  function show(one) {
    var row = one.closest('.typed-row');
    if (!row) return;
    if (one.dataset.likert) {
      one.dataset.level = one.value;
      legend.forEach(function (level) {
        level.classList.toggle('chosen', level.dataset.level === one.value);
      });
    }
    row.querySelectorAll('[data-key]').forEach(function (key) {
      key.classList.toggle('chosen', given(one).indexOf(key.dataset.key) >= 0);
    });
    fields.forEach(function (other) {
      if (other.dataset.if === one.name) {
        var asked = isAsked(other);
        other.closest('.typed-row').classList.toggle('not-asked', !asked);
        if (!asked && other.value !== '') {
          other.value = '';
          say(other, '');
          show(other);
        }
      }
    });
  }

  function go(one, by) {
    var at = fields.indexOf(one) + by;
    while (fields[at] && !isAsked(fields[at])) at += by;
    if (!fields[at]) return false;
    fields[at].focus();
    fields[at].select();
    return true;
  }

  /* Finishes a field: says what is wrong with it, or goes on. */
  function finish(one) {
    var problem = problemOf(one);
    say(one, problem);
    if (problem) {
      one.focus();
      one.select();
      return;
    }
    show(one);
    if (one === serial) lookUp();
    if (!go(one, 1)) save();
  }

  /* Whether another sheet has the number, while the answers are already being typed. */
  function lookUp() {
    var asked = serial.value;
    fetch(texts.lookUp + encodeURIComponent(asked), { headers: { Accept: 'application/json' } })
      .then(function (answer) {
        return answer.ok ? answer.json() : { problem: null };
      })
      .then(function (answer) {
        if (!answer.problem || serial.value !== asked || waiting) return;
        say(serial, answer.problem);
        serial.focus();
        serial.select();
      })
      .catch(function () {});
  }

  function typed(one) {
    if (one === serial) {
      var digits = one.value.replace(/[\s.–-]/g, '');
      if (texts.remainder && digits.length >= 8) finish(one);
      else say(one, '');
      return;
    }
    if (!one.dataset.accepts || one.dataset.several) return;
    var value = one.value;
    var possible = one.dataset.accepts.split(' ').filter(function (accepted) {
      return accepted.indexOf(value) === 0;
    });
    if (value === '-' || (possible.length === 1 && possible[0] === value)) finish(one);
    else if (value !== '' && possible.length === 0) finish(one);
    else say(one, '');
  }

  function enter(one) {
    if (one.dataset.accepts && one.value.trim() === '' && isAsked(one)) one.value = '-';
    finish(one);
  }

  function key(event) {
    var one = event.target;
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (waiting) {
      /* Typed ahead, while the sheet before is being stored. */
      if (event.key.length === 1 || event.key === 'Enter') {
        event.preventDefault();
        waiting.push(event.key);
      }
      return;
    }
    if (fields.indexOf(one) < 0) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      enter(one);
    } else if (event.key === ' ' && one.dataset.accepts && !one.dataset.several) {
      event.preventDefault();
      enter(one);
    } else if ((event.key === 'Backspace' && one.value === '') || event.key === 'ArrowUp') {
      if (event.key === 'ArrowUp' && one.tagName === 'TEXTAREA') return;
      event.preventDefault();
      go(one, -1);
    } else if (event.key === 'ArrowDown' && one.tagName !== 'TEXTAREA') {
      event.preventDefault();
      go(one, 1);
    }
  }

  /* A key that was typed ahead. */
  function press(name) {
    var one = document.activeElement;
    if (fields.indexOf(one) < 0) return;
    if (name === 'Enter' || (name === ' ' && one.dataset.accepts)) return enter(one);
    one.value += name;
    typed(one);
  }

  function save() {
    var wrong = fields.filter(function (one) {
      var problem = problemOf(one);
      say(one, problem);
      return problem;
    });
    if (wrong.length > 0) {
      wrong[0].focus();
      wrong[0].select();
      return;
    }
    var body = new URLSearchParams(new FormData(form));
    waiting = [];
    fetch(form.action, {
      method: 'POST',
      body: body,
      headers: { Accept: 'application/json' },
      redirect: 'error'
    })
      .then(function (answer) {
        return answer.json();
      })
      .then(settle, function () {
        settle({ problems: [{ field: null, text: texts.notSaved }] });
      });
  }

  function settle(answer) {
    var ahead = waiting || [];
    waiting = null;
    if (!answer.saved) {
      var problems = answer.problems || [{ field: null, text: answer.message || texts.notSaved }];
      problems.forEach(function (problem) {
        say(field(problem.field) || serial, problem.text);
      });
      (field(problems[0].field) || serial).focus();
      status.textContent = '';
      return;
    }
    form.reset();
    fields.forEach(function (one) {
      one.value = '';
      say(one, '');
      show(one);
    });
    form.elements.khoa.value = answer.attempt;
    serial.value = answer.proposed;
    status.textContent = answer.saved;
    document.getElementById('tien-do').textContent = answer.progress;
    var left = document.getElementById('con-lai');
    if (left) left.textContent = answer.left.join(' · ');
    serial.focus();
    serial.select();
    ahead.forEach(press);
  }

  form.addEventListener('keydown', key);
  form.addEventListener('input', function (event) {
    if (fields.indexOf(event.target) >= 0) {
      show(event.target);
      typed(event.target);
    }
  });
  form.addEventListener('submit', function (event) {
    if (event.submitter && event.submitter.name) return;
    event.preventDefault();
    if (!waiting) save();
  });
  fields.forEach(show);
  serial.addEventListener('focus', function () {
    serial.select();
  });
  /* At once: browsers see to autofocus some time after the page is there, and the first keys would be lost. */
  if (document.activeElement === document.body && !form.querySelector('[aria-invalid]')) serial.focus();
})();
