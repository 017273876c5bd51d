export { networkOf, siteOf } from '../networks.js'
