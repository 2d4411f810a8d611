import type { Bilingual } from '../text.ts'

const app = { zh: '管理后台 → 应用管理 → 本应用', en: 'admin console → 应用管理 → this app' }
const mends = (zh: string, en: string): { readonly fix: Bilingual } => ({ fix: { zh, en } })
const rest = (zh: string, en: string): { readonly seen: Bilingual } => ({ seen: { zh, en } })

/** What a check can find, and what mends it where WeCom's errcode does not say it (wecom-advice.ts). */
export const findings = {
  'settings.ok': rest('全部设置都在', 'All settings are there'),
  'settings.problems': {
    ...rest('{problems}', '{problems}'),
    ...mends(
      '按 .env.example 的说明改好这些环境变量，再重启服务',
      'Correct these environment variables as .env.example says, then restart',
    ),
  },
  'settings.first': rest('先改好环境设置', 'Correct the settings first'),
  'mongo.ok': rest('MongoDB {version}，副本集 {set}', 'MongoDB {version}, replica set {set}'),
  'mongo.old': {
    ...rest('MongoDB {version}，需要 {least} 或更新', 'MongoDB {version}; {least} or newer is needed'),
    ...mends('升级 MongoDB', 'Upgrade MongoDB'),
  },
  'mongo.alone': {
    ...rest(
      'MongoDB {version} 没有副本集，事务用不了',
      'MongoDB {version} is no replica set, so there are no transactions',
    ),
    ...mends(
      '用 --replSet 启动 MongoDB，执行一次 rs.initiate()，并在 MONGODB_URL 里写上 replicaSet',
      'Start MongoDB with --replSet, run rs.initiate() once, and name replicaSet in MONGODB_URL',
    ),
  },
  'redis.ok': rest('Redis {version}，AOF 已开', 'Redis {version}, AOF on'),
  'redis.old': {
    ...rest('Redis {version}，需要 {least} 或更新', 'Redis {version}; {least} or newer is needed'),
    ...mends('升级 Redis', 'Upgrade Redis'),
  },
  'redis.volatile': {
    ...rest(
      'Redis {version} 没有开 AOF，断电会丢排队中的工作（稍后会自动补上，但会变慢）',
      'Redis {version} without AOF: a power cut loses what waits (it is found again later, more slowly)',
    ),
    ...mends('在 redis.conf 里设置 appendonly yes', 'Set appendonly yes in redis.conf'),
  },
  'redis.evicts': {
    ...rest(
      'Redis 内存满时会丢数据（maxmemory-policy {policy}）',
      'Redis drops data when its memory is full (maxmemory-policy {policy})',
    ),
    ...mends('在 redis.conf 里设置 maxmemory-policy noeviction', 'Set maxmemory-policy noeviction in redis.conf'),
  },
  'store.away': {
    ...rest('连不上：{why}', 'Cannot be reached: {why}'),
    ...mends(
      '确认它已启动，地址、端口和密码与设置一致，防火墙放行',
      'Make sure that it runs, that address, port and password are as set, and that no firewall is between',
    ),
  },
  'api.ok': rest('{base}，{took} 毫秒', '{base}, {took} ms'),
  'api.away': {
    ...rest('连不上 {base}：{why}', '{base} cannot be reached: {why}'),
    ...mends(
      '检查服务器的外网、DNS、代理和防火墙，放行到 {base} 的 HTTPS；WECOM_API_BASE 要写对',
      'Check network, DNS, proxy and firewall: HTTPS to {base} must be allowed; WECOM_API_BASE must be right',
    ),
  },
  'clock.ok': rest('与企业微信相差 {seconds} 秒', '{seconds} s from WeCom’s'),
  'clock.off': {
    ...rest(
      '与企业微信相差 {seconds} 秒，签名和回调会被拒绝',
      '{seconds} s from WeCom’s: signatures and callbacks will be refused',
    ),
    ...mends('在服务器上开启 NTP 对时（chrony 或 systemd-timesyncd）', 'Turn NTP on (chrony or systemd-timesyncd)'),
  },
  'clock.unseen': rest('没有拿到企业微信的时间', 'WeCom’s time was not to be had'),
  'corp.ok': rest('企业微信认得这个企业 ID', 'WeCom knows this CorpID'),
  'secret.ok': rest('能换到 access_token', 'An access token is given for it'),
  'ip.ok': rest('企业微信接受了这台服务器的调用', 'WeCom accepts calls from this server'),
  'ip.refused': rest(
    '企业微信看到的 IP 是 {ip}，不在企业可信IP里',
    'WeCom sees the address {ip}, which is not trusted',
  ),
  'agent.ok': rest('应用「{name}」，已启用', 'The app {name}, enabled'),
  'agent.closed': {
    ...rest('应用「{name}」被停用', 'The app {name} is disabled'),
    ...mends(`到${app.zh}，重新启用`, `Enable it in ${app.en}`),
  },
  'callable.ok': rest('可以调用客户联系的接口', 'Customer contact may be called'),
  'range.ok': rest(
    '{reps} 位成员有客户联系功能，查了 {looked} 位，都在可见范围内',
    '{reps} members have customer contact; {looked} looked at, all within the range',
  ),
  'range.nobody': {
    ...rest('没有看到有客户联系功能的成员', 'No member with customer contact is to be seen'),
    ...mends(
      `到管理后台 → 客户联系 → 权限配置 → 使用范围，加上要用的成员；并到${app.zh} → 可见范围，加上同样的成员`,
      `Add the members to 使用范围 under admin console → 客户联系 → 权限配置, and the same to 可见范围 in ${app.en}`,
    ),
  },
  'range.outside': {
    ...rest('这些成员不在应用的可见范围内：{userids}', 'These members are outside the app’s visible range: {userids}'),
    ...mends(
      `到${app.zh} → 可见范围，加上这些成员或他们的部门`,
      `Add them, or their departments, to 可见范围 in ${app.en}`,
    ),
  },
  'https.ok': rest('{url}', '{url}'),
  'https.local': rest('{url} 是本机地址，只能试用', '{url} is an address of this machine, for trying out only'),
  'https.missing': {
    ...rest(
      '{url} 不是 HTTPS，企业微信的网页授权和侧边栏用不了',
      '{url} is not HTTPS: sign-in and sidebar will not work in WeCom',
    ),
    ...mends(
      '给域名配好证书（docker compose 里的 Caddy 会自动申请），并把 PUBLIC_URL 改成 https://…',
      'Give the domain a certificate (Caddy in docker compose gets one) and set PUBLIC_URL to https://…',
    ),
  },
  'domain.ok': rest('可信域名 {domain}', 'Trusted domain {domain}'),
  'domain.missing': {
    ...rest('应用还没有设可信域名', 'The app has no trusted domain'),
    ...mends(
      `到${app.zh} → 网页授权及 JS-SDK → 可信域名，填 {host}`,
      `Enter {host} in ${app.en} → 网页授权及JS-SDK → 可信域名`,
    ),
  },
  'domain.other': {
    ...rest(
      '应用的可信域名是 {domain}，公开地址的域名是 {host}',
      'The app’s trusted domain is {domain}, the public address is at {host}',
    ),
    ...mends(
      `到${app.zh} → 网页授权及 JS-SDK → 可信域名，改成 {host}；或改 PUBLIC_URL`,
      `Change it to {host} in ${app.en} → 网页授权及JS-SDK → 可信域名, or change PUBLIC_URL`,
    ),
  },
  'verify_file.ok': rest('{name} 能从公开地址读到', '{name} can be read at the public address'),
  'verify_file.done': rest('域名已经通过验证，不再需要校验文件', 'The domain is verified already; no file is needed'),
  'verify_file.none': {
    ...rest('还没有放校验文件', 'There is no file yet'),
    ...mends(
      `到${app.zh} → 网页授权及 JS-SDK → 可信域名，下载校验文件，在本页上传（或写进 WECOM_VERIFY_FILE），再回去点「验证」`,
      `Download the file in ${app.en} → 网页授权及JS-SDK → 可信域名, upload it on this page (or set WECOM_VERIFY_FILE), then press 验证 there`,
    ),
  },
  'verify_file.unread': {
    ...rest('读 {url} 没有得到校验文件：{why}', '{url} does not give the file: {why}'),
    ...mends(
      '确认 PUBLIC_URL 指向本服务，反向代理把根路径也转给它',
      'Make sure that PUBLIC_URL leads to this server and that the proxy hands the root path on, too',
    ),
  },
  'callback.ok': rest('{url} 通过了验证，{took} 毫秒', '{url} passed verification, {took} ms'),
  'callback.slow': {
    ...rest(
      '{url} 通过了验证，但用了 {took} 毫秒，企业微信只等约 1 秒',
      '{url} passed verification, but took {took} ms; WeCom waits about 1 s',
    ),
    ...mends('检查反向代理和服务器的负载', 'Look at the proxy and the load of the server'),
  },
  'callback.away': {
    ...rest('从这里访问不到 {url}：{why}', '{url} cannot be reached from here: {why}'),
    ...mends(
      '确认服务已启动，PUBLIC_URL 的域名解析到它，反向代理转发 /wecom/callback',
      'Make sure that the server runs, that the host of PUBLIC_URL leads to it, and that the proxy hands on /wecom/callback',
    ),
  },
  'callback.refused': {
    ...rest('{url} 回了 {why}，不是解密后的明文', '{url} answered {why} instead of the decrypted text'),
    ...mends(
      `运行中的服务和这里的 Token、EncodingAESKey 或 CorpID 不一致：到${app.zh} → 接收消息 → API接收，核对 Token 和 EncodingAESKey，填进 WECOM_CALLBACK_TOKEN、WECOM_CALLBACK_AES_KEY 后重启`,
      `The running server has another Token, EncodingAESKey or CorpID: compare them with ${app.en} → 接收消息 → API接收, set WECOM_CALLBACK_TOKEN and WECOM_CALLBACK_AES_KEY, and restart`,
    ),
  },
  'callback_seen.ok': rest('最近一次在 {at|moment}', 'The last one came {at|moment}'),
  'callback_seen.none': {
    ...rest('还没有收到过回调', 'None has come yet'),
    ...mends(
      `到${app.zh} → 接收消息 → API接收，URL 填 {url}，Token 和 EncodingAESKey 与设置一致，点「保存」；再改一个客户标签试试`,
      `In ${app.en} → 接收消息 → API接收 enter the URL {url} with the Token and EncodingAESKey of the settings and press 保存; then change a customer tag to try`,
    ),
  },
  'tickets.ok': rest('企业和应用的 jsapi_ticket 都拿到了', 'Both the corp’s and the app’s ticket are there'),
  'signature.ok': rest(
    '{url} 可以签名，算法与官方样例一致',
    '{url} can be signed; the algorithm gives the documented result',
  ),
  'signature.wrong': {
    ...rest('签名算法和官方样例不一致', 'The signature differs from the documented one'),
    ...mends('安装包可能损坏：重新安装依赖后重启', 'The packages may be damaged: install them again and restart'),
  },
  'right.ok': rest('可以调用', 'May be called'),
  'right.no_rep': rest(
    '还没有有客户联系功能的成员，无法试',
    'No member with customer contact yet, so it cannot be tried',
  ),
  'right.missing': rest(
    '企业微信返回 {errcode|code}：{hint}。没有它就不能：{feature}',
    'WeCom answered {errcode|code}: {hint}. Without it: no {feature}',
  ),
  wecom: rest('企业微信返回 {errcode|code}：{hint}', 'WeCom answered {errcode|code}: {hint}'),
  elsewhere: rest('先改好「{title}」', 'First mend “{title}”'),
  away: rest('现在查不了：{why}', 'Cannot be looked at now: {why}'),
  timeout: rest('{seconds} 秒内没有结果', 'No result within {seconds} s'),
  failed: rest('检查本身出错：{why}', 'The check itself failed: {why}'),
} as const satisfies Record<string, { readonly seen: Bilingual; readonly fix?: Bilingual }>
export type FindingCode = keyof typeof findings
export const isFindingCode = (text: string): text is FindingCode => Object.hasOwn(findings, text)
