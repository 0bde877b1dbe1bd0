/*
 * For people who browse EventStoreDB: links each event of an organisation's journal into its logical stream, so that `default/dossier-…` shows one
 * dossier from its beginning. The product never reads these links: they cost the server writes, come late, and may be deleted and made anew at any time.
 * 仅供在 EventStoreDB 中浏览：把日志中的每个事件按逻辑流建立链接。系统本身从不读取这些链接，可随时删除重建。
 *
 * The server must run with `--run-projections=All`. Say your organisation where this says `default`, and install it as an administrator:
 *
 *   curl --user admin --header 'content-type: application/json' --data-binary @deploy/eventstoredb/links-by-stream.js \
 *     'https://eventstoredb:2113/projections/continuous?name=baobei-links-default&type=js&enabled=true&checkpoints=true&emit=true&trackemittedstreams=false'
 */
fromStream('baobei-default').when({
  $any: function (state, e) {
    // Our data is JSON and says so nowhere: its exact bytes are hashed, so it is stored as bytes. What cannot be read is passed over and stops nothing.
    var stream;
    try { stream = JSON.parse(e.bodyRaw).stream; } catch (error) { return; }
    if (typeof stream !== 'string' || stream === '') return;
    // No name of ours has a slash, so a link never lands in a journal.
    linkTo(e.streamId.slice('baobei-'.length) + '/' + stream, e);
  },
});
