-- Two rules: a word that is a mark worth, and one that is refused.
local function has(word)
  return function(task)
    return tostring(task:get_content()):find(word, 1, true) ~= nil
  end
end
rspamd_config:register_symbol({ name = 'WORD_OF_SPAM', callback = has('the-word-of-spam'), score = 7.0 })
rspamd_config:register_symbol({ name = 'WORD_OF_REFUSAL', callback = has('the-word-of-refusal'), score = 20.0 })
