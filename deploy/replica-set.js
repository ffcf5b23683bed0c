/* global process, db, rs, sleep, Mongo -- run by mongosh inside compose: joins the members, makes the server's account */
const root = { user: process.env.MONGO_INITDB_ROOT_USERNAME, pwd: process.env.MONGO_INITDB_ROOT_PASSWORD };
const account = {
  pwd: process.env.MONGO_APP_PASSWORD,
  // dbAdmin: migrations change collections
  roles: [
    { role: 'readWrite', db: 'diabcare' },
    { role: 'dbAdmin', db: 'diabcare' },
  ],
};
const MEMBERS = ['mongo1:27017', 'mongo2:27017', 'mongo3:27017'];

db.auth(root);
try {
  rs.status();
} catch {
  rs.initiate({ _id: 'rs0', members: MEMBERS.map((host, _id) => ({ _id, host })) });
}
/** Any member may have been elected. */
const primary = () => {
  for (;;) {
    const { primary: elected } = db.adminCommand({ hello: 1 });
    if (elected !== undefined) return elected;
    sleep(500);
  }
};
const admin = new Mongo(`mongodb://${primary()}/?directConnection=true`).getDB('admin');
admin.auth(root);
const target = admin.getSiblingDB('diabcare');
if (target.getUser('diabcare') === null) target.createUser({ user: 'diabcare', ...account });
else target.updateUser('diabcare', account);
